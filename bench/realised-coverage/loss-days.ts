import { watchedFeatures } from '../../core/profile/watched.ts';
import { estimateLoss, fitLossReference, lossCoder } from '../../core/quality/loss-model.ts';
import { addRow, emptyQualityCounts } from '../../core/quality/quality-counts.ts';
import { type Random, seededRandom } from '../../core/statistics/random.ts';
import type { BenchContext, Figure } from '../bench.ts';
import { normalFrom } from '../quality-goals/world.ts';

const FEATURES = watchedFeatures({
  features: [
    { kind: 'numeric', column: 'x' },
    { kind: 'category', column: 'weekday' },
  ],
});
const REFERENCE_DAYS = 28;
const WEEK_DAYS = 7;
const DAY_ROWS = 300;
/** Standard deviation between days of the logarithm of a day's errors. */
const MOOD = 0.15;

/** How often the interval of a regression's expected loss holds what a week shows, when days differ in how large errors are. */
export function lossDays({ quick, say }: BenchContext): readonly Figure[] {
  const references = quick ? 10 : 300;
  say(`${references} regressions of ${REFERENCE_DAYS} days`);
  const random = seededRandom(77);
  const held = { days: 0, rows: 0 };
  for (let i = 0; i < references; i++) {
    const days = Array.from({ length: REFERENCE_DAYS + WEEK_DAYS }, (_, day) => oneDay(day, random));
    const [known, week] = [days.slice(0, REFERENCE_DAYS), days.slice(REFERENCE_DAYS)];
    const seen = week.flat();
    const truth = seen.reduce((sum, { loss }) => sum + loss, 0) / seen.length;
    for (const kind of ['days', 'rows'] as const) {
      const [low, high] = intervalOf(known, week, kind);
      if (low <= truth && truth <= high) held[kind] += 1;
    }
  }
  const percent = (count: number) => (100 * count) / references;
  return [
    {
      what: "a week's expected loss of a regression, 95 % interval",
      value: percent(held.days),
      unit: '% covered',
      ...(quick ? {} : { goal: { atLeast: 93 } }),
      note: `${percent(held.rows).toFixed(1)} % if rows passed for independent; ${references} references of 28 days of ${DAY_ROWS} rows`,
    },
  ];
}

interface Answer {
  readonly instance: { readonly x: number; readonly weekday: string };
  readonly prediction: number;
  readonly loss: number;
}

function oneDay(day: number, random: Random): readonly Answer[] {
  const normal = normalFrom(random);
  const size = Math.exp(MOOD * normal());
  return Array.from({ length: DAY_ROWS }, () => {
    const x = normal();
    const loss = Math.abs(normal()) * size * (1 + 0.3 * Math.max(-1, Math.min(2, x)));
    return { instance: { x, weekday: `w${day % WEEK_DAYS}` }, prediction: 10 + 3 * x, loss };
  });
}

function intervalOf(
  known: readonly (readonly Answer[])[],
  week: readonly (readonly Answer[])[],
  kind: 'days' | 'rows',
) {
  const rows = known.flat();
  const reference = fitLossReference({
    features: FEATURES,
    instances: rows.map(({ instance }) => instance),
    predictions: rows.map(({ prediction }) => prediction),
    losses: rows.map(({ loss }) => loss),
    days: kind === 'days' ? known.flatMap((answers, day) => answers.map(() => day)) : [],
  });
  const code = lossCoder(reference, FEATURES);
  const counts = emptyQualityCounts(reference);
  for (const [day, answers] of week.entries())
    for (const { instance, prediction } of answers)
      addRow(counts, code(instance, prediction), { day: REFERENCE_DAYS + day });
  return estimateLoss(reference, counts)?.interval ?? [Number.NaN, Number.NaN];
}
