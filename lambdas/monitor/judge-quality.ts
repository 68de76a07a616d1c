import { windowKeys } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Judgement } from '../../contracts/monitoring-steps.ts';
import type { QualityReport } from '../../contracts/quality.ts';
import { StoredQualityWindowSchema } from '../../contracts/quality-window.ts';
import type { Window, WindowCounts } from '../../contracts/window.ts';
import { columnTypes, readyMetrics } from '../../core/business/business-metrics.ts';
import { isMature } from '../../core/labels/label-arrival.ts';
import { DAY } from '../../core/profile/instant.ts';
import { assessQuality } from '../../core/quality/assess-quality.ts';
import type { QualityWindow } from '../../core/quality/quality-window.ts';
import { restoreQualityWindow } from '../../core/quality/stored-window.ts';
import { namedSeed } from '../../core/statistics/random.ts';
import { getPacked } from '../aws/packed-json.ts';
import type { JudgedVersion } from './judge-drift.ts';
import type { MonitorTools } from './monitor-tools.ts';

/** How far the verdict on concept drift looks back. */
const CONCEPT_DAYS = 7;

/**
 * The quality of what a version answered in a window; null when nothing is known of its held-out rows. Of the windows before it only their
 * stored counts are read, and only once this one is mature: those of the last seven days, at most 168 objects.
 */
export async function judgeQuality(
  model: ModelConfig,
  window: Window,
  { packageArn, reference: { setup }, quality: counted }: JudgedVersion,
  { labels, past }: { readonly labels: WindowCounts['labels']; readonly past: readonly Judgement[] },
  tools: Pick<MonitorTools, 'lake' | 'now'>,
): Promise<QualityReport | null> {
  if (setup === null || counted === null) return null;
  const { quality, maximumFairnessGap, business } = model.monitoring;
  const now = tools.now().getTime();
  const mature = isMature(Date.parse(window.to), quality.labelHorizonDays, now);
  const { distinct, repeated, contradicting, matched } = labels;
  return assessQuality({
    setup,
    rules: { quality, maximumFairnessGap, business: readyMetrics(business, columnTypes(model.data)) },
    windows: [
      {
        window: { from: window.from, to: window.to },
        counts: restoreQualityWindow(counted),
        labels: { repeated, contradicting, unmatched: distinct - matched },
      },
    ],
    earlier: mature ? await lastDays(model.name, window, packageArn, past, tools) : [],
    now,
    seed: namedSeed(model.training.seed, `quality ${window.to}`),
  });
}

/** Stored counts of the windows of the last seven days that the same model answered. */
async function lastDays(
  model: string,
  window: Window,
  packageArn: string,
  past: readonly Judgement[],
  { lake }: Pick<MonitorTools, 'lake'>,
): Promise<readonly QualityWindow[]> {
  const since = Date.parse(window.to) - CONCEPT_DAYS * DAY;
  const wanted = past.filter(
    (other) => Date.parse(other.window.from) >= since && other.packageArn === packageArn && other.quality != null,
  );
  const stored = await Promise.all(
    wanted.map((other) => getPacked(lake, windowKeys(model, other.window.to).quality, StoredQualityWindowSchema)),
  );
  return stored.map(restoreQualityWindow);
}
