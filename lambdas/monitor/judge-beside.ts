import type { ModelConfig } from '../../contracts/model-config.ts';
import type { WindowTask } from '../../contracts/monitoring-steps.ts';
import type { VersionCounts, VersionReport, WindowCounts } from '../../contracts/window.ts';
import { compareProfiles, summarise } from '../../core/drift/compare-profiles.ts';
import { driftSettings } from '../../core/drift/settings.ts';
import { namedSeed } from '../../core/statistics/random.ts';
import { judgeQuality } from './judge-quality.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { referenceOf } from './references.ts';

/** What is said of a version that answered in a window whose verdicts are another's: held against its own training, and alone. */
export async function judgeBeside(
  model: ModelConfig,
  task: WindowTask,
  { packageArn, runId, rows, explained, lastAt, profile, quality: counted }: VersionCounts,
  labels: WindowCounts['labels'],
  tools: Pick<MonitorTools, 'lake' | 'now'>,
): Promise<VersionReport> {
  const short = { packageArn, runId, rows, explained, lastAt, judged: false };
  if (runId === null || profile === null)
    return { ...short, message: 'no training run of it is on record, so that its rows are held against nothing' };
  const settings = driftSettings(model);
  if (profile.rows < settings.minimumRows) {
    const message = `too few rows for a verdict of its own: ${profile.rows}, at least ${settings.minimumRows} are needed`;
    return { ...short, message, profile };
  }
  const reference = await referenceOf(model, runId, tools.lake);
  const seed = namedSeed(model.training.seed, runId);
  const drift = compareProfiles(reference.baseline, profile, settings, seed, { cache: reference.draws });
  const version = { packageArn, runId, reference, profile, quality: counted };
  const quality = await judgeQuality(model, task, version, { labels, past: [] }, tools);
  const words = [summarise(drift), ...(quality === null ? [] : [`quality: ${quality.message}`])];
  return { ...short, message: words.join('; '), drift, profile, ...(quality === null ? {} : { quality }) };
}
