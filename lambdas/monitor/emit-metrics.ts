import { type Finding, findingsValue } from '../../contracts/metrics.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Judgement, WindowFindings } from '../../contracts/monitoring-steps.ts';
import { newestMatureWindow, windowBefore } from '../../core/drift/window.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { pastWindows } from './past-windows.ts';

const QUALITY: readonly Finding[] = ['quality', 'conceptDrift', 'fairness', 'business'];

/**
 * Emits what a judgement says of the present. The window that closed: its drift, its rows, and what stands against quality in it or in
 * the newest window with mature labels. Labels of the newest mature window: what stands against quality now. Other windows say
 * nothing of the present, and so does a model that no longer serves, but for its rows.
 */
export async function emitMetrics(
  model: ModelConfig,
  judgement: Judgement,
  serves: boolean,
  tools: MonitorTools,
): Promise<void> {
  const { because, verdict, rows, drifted, findings } = judgement;
  const at = tools.now();
  if (!serves && because === 'closed') tools.emit(model.name, { MonitoredRows: rows }, at);
  if (findings === undefined || !serves) return;
  if (because === 'labels') {
    if (judgement.window.to !== newestMatureWindow(at, model.monitoring).to) return;
    const closed = await newestJudged(model, windowBefore(at, model.monitoring), judgement, tools);
    tools.emit(model.name, { QualityFindings: findingsValue(standing([findings, closed?.findings])) }, at);
    return;
  }
  if (because !== 'closed') return;
  const mature = await newestMature(model, judgement, tools);
  const judged = judgement.quality != null && judgement.quality.verdict !== 'too-little-data';
  tools.emit(
    model.name,
    {
      // Too little data is no proof of calm: without a value the alarm keeps its state.
      ...(verdict === 'too-little-data' ? {} : { DriftedFeatures: driftCount(findings, drifted) }),
      MonitoredRows: rows,
      ...(judged || mature !== undefined
        ? { QualityFindings: findingsValue(standing([findings, mature?.findings])) }
        : {}),
    },
    at,
  );
}

/** A drift that only shows in how features move together names no feature, and alarms all the same. */
const driftCount = (findings: WindowFindings, drifted: readonly string[]): number =>
  findings.drift ? Math.max(1, drifted.length) : 0;

const standing = (found: readonly (WindowFindings | undefined)[]): readonly Finding[] =>
  QUALITY.filter((finding) => found.some((findings) => findings?.[finding] === true));

/** The newest window that was judged with mature labels, of the same model. */
async function newestMature(model: ModelConfig, { packageArn }: Judgement, { lineage, now }: MonitorTools) {
  const past = await pastWindows(model, newestMatureWindow(now(), model.monitoring), lineage);
  return past
    .map(({ judgement }) => judgement)
    .findLast(
      (other) => other.mature === true && other.packageArn === packageArn && other.quality?.basis === 'realised',
    );
}

async function newestJudged(
  model: ModelConfig,
  upTo: { readonly from: string; readonly to: string },
  { packageArn }: Judgement,
  { lineage }: MonitorTools,
) {
  const newest = (await pastWindows(model, upTo, lineage)).at(-1)?.judgement;
  return newest?.packageArn === packageArn ? newest : undefined;
}
