import { z } from 'zod';

const ScaleSchema = z.enum(['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic']).default('Auto');
const RangeSchema = z.object({
  Name: z.string(),
  MinValue: z.string(),
  MaxValue: z.string(),
  ScalingType: ScaleSchema,
});

export const ParameterRangesSchema = z.looseObject({
  IntegerParameterRanges: z.array(RangeSchema).default([]),
  ContinuousParameterRanges: z.array(RangeSchema).default([]),
  CategoricalParameterRanges: z.array(z.object({ Name: z.string(), Values: z.array(z.string()).min(1) })).default([]),
});
export type ParameterRanges = z.infer<typeof ParameterRangesSchema>;

/** One point of the search space, as hyperparameter texts; each coordinate is drawn by itself on its own scale. */
export function drawParameters(ranges: ParameterRanges, random: () => number): Record<string, string> {
  return {
    ...Object.fromEntries(
      ranges.IntegerParameterRanges.map((range) => [range.Name, String(Math.round(drawScaled(range, random)))]),
    ),
    ...Object.fromEntries(
      ranges.ContinuousParameterRanges.map((range) => [range.Name, String(drawScaled(range, random))]),
    ),
    ...Object.fromEntries(
      ranges.CategoricalParameterRanges.map(({ Name, Values }) => [
        Name,
        Values[Math.floor(random() * Values.length)] ?? '',
      ]),
    ),
  };
}

/** Random numbers in [0, 1) from a seed: Mulberry32, so that a rehearsal is the same each time. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function drawScaled(range: z.infer<typeof RangeSchema>, random: () => number): number {
  const [low, high] = [Number(range.MinValue), Number(range.MaxValue)];
  const share = random();
  switch (range.ScalingType) {
    case 'Logarithmic':
      return Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)));
    case 'ReverseLogarithmic':
      return 1 - Math.exp(Math.log(1 - low) + share * (Math.log(1 - high) - Math.log(1 - low)));
    case 'Auto':
    case 'Linear':
      return low + share * (high - low);
    default:
      return range.ScalingType satisfies never;
  }
}
