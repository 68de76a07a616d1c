import type { Stage } from '../../../contracts/scenario.ts';
import { auc } from './auc.ts';
import type { Tally } from './callers.ts';
import { versionOf } from './outcome.ts';
import type { WindowSeen } from './weeks.ts';

const MINIMUM_ROWS = 20_000;
/** A version that was rolled back at once has too few answers for an AUC that means anything. */
const FEWEST_FOR_AUC = 1000;

/** Adds up what callers and monitoring saw, and holds it to what the example promises. */
export function tellFigures(stage: Stage, { tally, windows }: { tally: Tally; windows: readonly WindowSeen[] }): void {
  const judged = windows.filter(({ verdict }) => verdict !== 'too-little-data');
  const drifted = windows.filter(({ verdict }) => verdict === 'drift');
  stage.expect(tally.rows >= MINIMUM_ROWS, `only ${tally.rows} rows were asked about, ${MINIMUM_ROWS} are promised`);
  stage.expect(
    judged.every(({ rows }) => rows >= 1000),
    'a window with fewer than 1000 rows was judged',
  );
  stage.figure('requests', tally.requests);
  stage.figure('rows asked about', tally.rows);
  stage.figure('requests of one row', tally.singleRows);
  stage.figure('windows judged', `${judged.length} of ${windows.length}`);
  stage.figure('rows in the smallest judged window', Math.min(...judged.map(({ rows }) => rows)));
  stage.figure(
    'windows with drift',
    drifted.map((window) => `${dayOf(window)} (${window.drifted.join(', ')})`).join('; '),
  );
  stage.figure('latency p50, milliseconds', round(quantile(tally.milliseconds, 0.5)));
  stage.figure('latency p99, milliseconds', round(quantile(tally.milliseconds, 0.99)));
  for (const [packageArn, answers] of tally.byPackage)
    if (answers.length < FEWEST_FOR_AUC) stage.figure(`live rows of ${versionOf(packageArn)}`, answers.length);
    else stage.figure(`AUC of ${versionOf(packageArn)} on ${answers.length} live rows`, round(auc(answers)));
}

function dayOf({ readAt }: WindowSeen): string {
  return `week before ${readAt.toISOString().slice(0, 10)}`;
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
