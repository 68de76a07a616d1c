import type { BusinessMetric } from '../../../contracts/monitoring-config.ts';
import type { ColumnType } from '../../../core/business/business-expression.ts';
import { readyMetrics } from '../../../core/business/business-metrics.ts';
import { watchedFeatures } from '../../../core/profile/watched.ts';
import type { AnsweredRow } from '../../../core/quality/quality-counter.ts';
import { qualityCounter } from '../../../core/quality/quality-counter.ts';
import { fitQualitySetup } from '../../../core/quality/quality-setup.ts';
import { seededRandom } from '../../../core/statistics/random.ts';

/** Epoch milliseconds of day 20 000, when the held-out rows begin. */
export const START = 20_000 * 86_400_000;
export const DAY = 86_400_000;
const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** How a world differs from the one the model knows. */
export interface Change {
  /** Rotates what the inputs mean; 0 is the world the model learned. */
  readonly concept?: number;
  /** Moves the inputs by so many standard deviations. */
  readonly covariates?: number;
  /** Share of rows with a label. */
  readonly labelled?: number;
  /** City whose outcomes turn to chance. */
  readonly broken?: string;
}

/** Rows of `days` days from `start` on, scored by one fixed model of the unchanged world. */
export function rowsOf(
  count: number,
  days: number,
  seed: number,
  change: Change = {},
  start = START,
): readonly AnsweredRow[] {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const { concept = 0, covariates = 0, labelled = 1, broken } = change;
  return Array.from({ length: count }, (_, index) => {
    const [x, y] = [normal() + covariates, normal()];
    const city = random() < 0.5 ? 'X' : random() < 0.8 ? 'Y' : 'Z';
    const score = logistic(1.2 * x + 0.6 * y - 1);
    // The model looks along the angle of (1.2, 0.6); the truth along one that `concept` radians turn away from it.
    const angle = Math.atan2(0.6, 1.2) + concept;
    const strength = Math.hypot(1.2, 0.6);
    const truth = city === broken ? 0.5 : logistic(strength * (Math.cos(angle) * x + Math.sin(angle) * y) - 1);
    const label = random() < truth ? (1 as const) : (0 as const);
    const at = start + Math.floor((index / count) * days) * DAY + 3_600_000;
    const known = random() < labelled;
    return {
      instance: { x, y, city, amount: Math.round(100 * Math.abs(x)) },
      score,
      at,
      ...(known ? { label, labelledAt: at + 2 * DAY, value: label === 1 ? 10 : -1 } : {}),
      shap: [1.2 * x, 0.6 * y, 0],
    };
  });
}

export const FEATURES = watchedFeatures({
  features: [
    { kind: 'numeric', column: 'x' },
    { kind: 'numeric', column: 'y' },
    { kind: 'category', column: 'city' },
  ],
});

const COLUMNS = new Map<string, ColumnType>([['amount', 'number']]);
const METRICS: readonly BusinessMetric[] = [
  { name: 'cost', unit: 'USD', expression: 'predicted == 0 && label == 1 ? 120.0 : 0.0', target: { atMost: 60 } },
  { name: 'volume', unit: 'USD', expression: 'row.amount' },
];
export const BUSINESS = readyMetrics(METRICS, COLUMNS);

/** The setup of a model that was held out on 10 000 rows of 20 days. */
export function setupOf() {
  const rows = rowsOf(10_000, 20, 1);
  return fitQualitySetup({
    features: FEATURES,
    instances: rows.map(({ instance }) => instance),
    scores: rows.map(({ score }) => score),
    labels: rows.map(({ label }) => label ?? 0),
    days: rows.map(({ at }) => Math.floor((at ?? 0) / DAY)),
    threshold: 0.4,
    slices: ['city'],
    protected: ['city'],
    explained: { names: ['x', 'y', 'city'], shap: rows.map(({ shap }) => shap ?? []) },
    business: BUSINESS,
  });
}

/** The counts of rows over a setup. */
export function countedOver(setup: ReturnType<typeof setupOf>, rows: readonly AnsweredRow[]) {
  const counter = qualityCounter(setup, FEATURES, BUSINESS);
  for (const row of rows) counter.add(row);
  return counter.window;
}
