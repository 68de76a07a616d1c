import type { DriftReport } from '../../contracts/profile.ts';
import { summarise } from '../../core/drift/compare-profiles.ts';
import type { JudgedWindow } from './judged-windows.ts';

/** Pairs named that did not drift. */
const SHOWN_PAIRS = 3;

/** A drift report for people: the verdict, then every feature, the strongest first, then what they do together, then the windows. */
export function driftText(report: DriftReport, windows: readonly JudgedWindow[], undated: number): string {
  return [
    `${report.verdict}: ${summarise(report)}`,
    `compared: ${report.baseline.rows} rows of the reference, ${report.window.rows} rows now`,
    ...report.features.map(
      (feature) => `  ${mark(feature.drifted)} ${String(feature.rank).padStart(3)}. ${feature.message}`,
    ),
    ...jointLines(report),
    ...windowLines(windows),
    ...(undated === 0 ? [] : [`${undated} rows hold no time and are in no window`]),
    '',
  ].join('\n');
}

const mark = (drifted: boolean) => (drifted ? 'DRIFT' : '  ok ');

function jointLines({ multivariate, correlations = [] }: DriftReport): readonly string[] {
  const pairs = correlations.filter(({ drifted }, index) => drifted || index < SHOWN_PAIRS);
  const lines = [...(multivariate == null ? [] : [multivariate]), ...pairs];
  if (lines.length === 0) return [];
  return ['together:', ...lines.map(({ drifted, message }) => `  ${mark(drifted)}      ${message}`)];
}

function windowLines(windows: readonly JudgedWindow[]): readonly string[] {
  if (windows.length === 0) return [];
  const drifted = windows.filter(({ verdict }) => verdict === 'drift').length;
  return [
    `windows: ${windows.length}, of which ${drifted} drifted`,
    ...windows.map((judged) => {
      const pooled = judged.pooled.length === 1 ? '' : ` (with the ${judged.pooled.length - 1} before it)`;
      const verdict = judged.verdict === 'too-little-data' ? '  –  ' : mark(judged.verdict === 'drift');
      return `  ${verdict} ${startOf(judged)}${pooled}: ${summarise(judged)}`;
    }),
  ];
}

/** The start of a window, as short as its length allows. */
function startOf({ window: { from } }: JudgedWindow): string {
  return from.endsWith('T00:00:00.000Z') ? from.slice(0, 10) : from.slice(0, 16).replace('T', ' ');
}
