import type { Instance } from '../../contracts/serving.ts';
import type { WatchedFeature } from '../../core/profile/watched.ts';
import type { Random } from '../../core/statistics/random.ts';

/** Rows of the simulated world: what callers send, the deployed model's score, and what became of them. */
export interface WorldRows {
  readonly instances: readonly Instance[];
  readonly scores: readonly number[];
  readonly labels: readonly (0 | 1)[];
}

/** How the world differs from the one the model was fitted in. */
export interface Shift {
  /** Standard deviations by which two features move; a third moves half as far, a fourth widens. */
  readonly covariate?: number;
  /** How far the outcome's dependence on features turns; 0.3 costs an AUC of about 0.036, 0.53 about 0.07. */
  readonly concept?: number;
}

/** The model's decision threshold. */
export const THRESHOLD = 0.35;

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

/** The features of the simulated model, `e` a truth value and `f` pure noise. */
export const WORLD_FEATURES: readonly WatchedFeature[] = NAMES.map((name) => ({
  name,
  kind: 'numeric',
  read: (row) => Number(row[name]),
}));

/** Draws rows: 25–35 % positives, and a model that misses an interaction and a wave, so that it is calibrated only on average. */
export function drawWorld(random: Random, count: number, { covariate = 0, concept = 0 }: Shift = {}): WorldRows {
  const normal = normalFrom(random);
  const instances: Instance[] = [];
  const scores: number[] = [];
  const labels: (0 | 1)[] = [];
  for (let row = 0; row < count; row++) {
    const first = normal();
    const [a, b] = [first + covariate, 0.4 * first + 0.92 * normal() - 0.5 * covariate];
    const [c, d] = [normal() * (1 + 0.5 * covariate), normal() + covariate];
    instances.push({ a, b, c, d, e: normal() > 0 ? 1 : 0, f: normal() });
    scores.push(logistic(-1.1 + a + 0.75 * b - 0.45 * c + 0.1 * d));
    const odds =
      -1.2 + (1.1 - concept) * a + 0.8 * b - 0.5 * c + 0.6 * a * b + 0.5 * Math.sin(2 * d) + 0.6 * concept * c;
    labels.push(random() < logistic(odds) ? 1 : 0);
  }
  return { instances, scores, labels };
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** Standard normal numbers (Box & Muller 1958). */
export function normalFrom(random: Random): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
