import type { GroupSums } from '../../contracts/quality-window.ts';
import { judgeFairness } from '../../core/quality/fairness.ts';
import { countGroupRow, mergeGroupSums, noGroupRows } from '../../core/quality/group-sums.ts';
import { type Random, seededRandom } from '../../core/statistics/random.ts';
import type { BenchContext, Figure } from '../bench.ts';
import { normalFrom } from '../quality-goals/world.ts';

const DAY_ROWS = 150;
const REFERENCE_DAYS = 30;
/** What a day does to both groups' log-odds of being selected, and to each group by itself: standard deviations. */
const COMMON = 0.3;
const OWN = 0.25;
/** Log-odds of either group, without days. */
const LEVELS = [-0.4, 0.1] as const;

/** How often the interval of a gap between two groups holds the true gap, when every day treats the groups a little otherwise. */
export function fairnessDays({ quick, say }: BenchContext): readonly Figure[] {
  const truth = trueGap();
  const windows = quick ? 40 : 1000;
  return [7, 14, 28].map((days) => {
    say(`${windows} windows of ${days} days, two groups`);
    const random = seededRandom(days);
    const held = { days: 0, rows: 0 };
    for (let window = 0; window < windows; window++) {
      const [reference, current] = [someDays(REFERENCE_DAYS, random), someDays(days, random)];
      const groups = (known: boolean) =>
        LEVELS.map((_, index) => {
          const own = current.map((day) => day[index] ?? noGroupRows());
          return {
            name: `g${index}`,
            counts: outcomes(own.reduce(mergeGroupSums)),
            ...(known ? { days: own, referenceDays: reference.map((day) => day[index] ?? noGroupRows()) } : {}),
          };
        });
      for (const kind of ['days', 'rows'] as const) {
        const [parity] = judgeFairness('group', groups(kind === 'days'), 1, 0.05);
        if (parity && parity.interval[0] <= truth && truth <= parity.interval[1]) held[kind] += 1;
      }
    }
    return {
      what: `gap between two groups over ${days} days of ${DAY_ROWS} rows each, 95 % interval`,
      value: (100 * held.days) / windows,
      unit: '% covered',
      ...(quick ? {} : { goal: { atLeast: 93 } }),
      note: `${((100 * held.rows) / windows).toFixed(1)} % if rows passed for independent; ${windows} windows`,
    };
  });
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** The mean of the daily difference, over 400 000 days. */
function trueGap(): number {
  const normal = normalFrom(seededRandom(1));
  const [first, second] = LEVELS;
  let sum = 0;
  const draws = 400_000;
  const spread = Math.hypot(COMMON, OWN);
  for (let draw = 0; draw < draws; draw++) {
    const day = spread * normal();
    sum += logistic(second + day) - logistic(first + day);
  }
  return sum / draws;
}

function someDays(days: number, random: Random): readonly (readonly GroupSums[])[] {
  const normal = normalFrom(random);
  return Array.from({ length: days }, () => {
    const common = COMMON * normal();
    return LEVELS.map((level) => {
      const chance = logistic(level + common + OWN * normal());
      const sums = noGroupRows();
      for (let row = 0; row < DAY_ROWS; row++) countGroupRow(sums, random() < chance ? 1 : 0, undefined);
      return sums;
    });
  });
}

function outcomes({ rows, selected }: GroupSums) {
  const none = [0, 0];
  return { scored: [rows - selected, selected], positives: none, negatives: none, expected: none, variance: none };
}
