import { ModelwayError } from '../../contracts/problems.ts';
import type { QualitySetup } from '../../contracts/quality-window.ts';
import type { ReadyMetric } from '../../core/business/business-metrics.ts';
import { windowOf } from '../../core/drift/window.ts';
import type { WatchedFeature } from '../../core/profile/watched.ts';
import { type QualityCounter, qualityCounter } from '../../core/quality/quality-counter.ts';
import type { WatchedWindow } from '../../core/quality/window-quality.ts';
import type { RowFiles } from '../drift/row-files.ts';
import type { LateLabels } from './label-files.ts';
import type { QualityRequest } from './quality-request.ts';
import { type RowValues, rowValues } from './row-values.ts';

/** More windows than this are a mistake: each keeps counts of its own. */
const MOST_WINDOWS = 1000;

/** The current rows, counted. */
export interface CurrentRows {
  /** Oldest first. */
  readonly windows: readonly WatchedWindow[];
  /** Rows without a score, or without a time where windows need one. */
  readonly leftOut: number;
  /** Rows counted although their time is missing or cannot be read. */
  readonly withoutTime: number;
  /** Epoch milliseconds of the newest row; −Infinity without times. */
  readonly newest: number;
}

/** Counts the current files window by window; rows are not kept. @throws ModelwayError when there are more than 1000 windows */
export async function countCurrent(
  files: RowFiles,
  {
    setup,
    features,
    business,
  }: { setup: QualitySetup; features: readonly WatchedFeature[]; business: readonly ReadyMetric[] },
  late: LateLabels | undefined,
  request: QualityRequest,
): Promise<CurrentRows> {
  const counters = new Map<string, QualityCounter>();
  const counterOf = (from: string) => {
    const known = counters.get(from) ?? qualityCounter(setup, features, business);
    if (!counters.has(from) && counters.size === MOST_WINDOWS) throw tooMany(request.window ?? '');
    counters.set(from, known);
    return known;
  };
  let [leftOut, withoutTime, newest, labelled] = [0, 0, Number.NEGATIVE_INFINITY, 0];
  for await (const chunk of files.chunks())
    for (const instance of chunk) {
      const values = rowValues(instance, request.columns);
      const from = windowStart(values, request.window);
      if (Number.isNaN(values.score) || from === undefined) {
        leftOut += 1;
        continue;
      }
      if (values.at === undefined) withoutTime += 1;
      newest = Math.max(newest, values.at ?? newest);
      const outcome = late === undefined ? values : lateOutcome(values, late);
      labelled += outcome.label === undefined ? 0 : 1;
      counterOf(from).add({ instance, score: values.score, at: values.at, ...outcome });
    }
  const leftOver = leftOverLabels(late, labelled);
  const ordered = [...counters].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    windows: ordered.map(([from, { window }], index) => ({
      window: request.window === undefined ? null : windowOf(new Date(from), { every: request.window }),
      counts: window,
      // What nobody asked for belongs to no window; it is told once.
      labels: index === 0 ? leftOver : { repeated: 0, contradicting: 0, unmatched: 0 },
    })),
    leftOut,
    withoutTime,
    newest,
  };
}

function windowStart({ at }: RowValues, window: QualityRequest['window']): string | undefined {
  if (window === undefined) return '';
  return at === undefined ? undefined : windowOf(new Date(at), { every: window }).from;
}

/** The label that came later, or else the one the row has. */
function lateOutcome({ id, row, label, value }: RowValues, { index }: LateLabels) {
  const outcome = id === undefined ? undefined : index.take(id, row);
  if (outcome === undefined) return { label, value };
  return {
    label: outcome.label === 1 ? (1 as const) : (0 as const),
    value: Number.isNaN(outcome.value) ? undefined : outcome.value,
    labelledAt: outcome.at,
  };
}

function leftOverLabels(late: LateLabels | undefined, labelled: number) {
  if (late === undefined) return { repeated: 0, contradicting: 0, unmatched: 0 };
  const { distinct, repeated, contradicting } = late.index.agreement();
  return { repeated, contradicting, unmatched: Math.max(0, distinct - labelled) };
}

function tooMany(window: string): ModelwayError {
  return new ModelwayError('too-many-windows', 'input', [
    {
      path: '--window',
      message: `the rows span more than ${MOST_WINDOWS} windows of one ${window}`,
      fix: 'choose longer windows, or give fewer files',
    },
  ]);
}
