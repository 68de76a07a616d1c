import { logGamma } from './gamma.ts';
import type { Random } from './random.ts';

/** One draw from a Poisson distribution: products of uniforms below mean 10, Hörmann's PTRS (1993) above; both exact. */
export function poisson(mean: number, random: Random): number {
  return mean < 10 ? smallPoisson(mean, random) : transformedRejection(mean, random);
}

function smallPoisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/** The constants are Hörmann's. */
function transformedRejection(mean: number, random: Random): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const quick = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const us = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= quick) return count;
    if (count < 0 || (us < 0.013 && v > us)) continue;
    const density = -mean + count * Math.log(mean) - logGamma(count + 1);
    if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= density) return count;
  }
}
