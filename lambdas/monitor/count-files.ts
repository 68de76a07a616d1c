import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Baseline } from '../../contracts/profile.ts';
import type { QualitySetup } from '../../contracts/quality-window.ts';
import type { WatchedModel, Window, WindowCounts } from '../../contracts/window.ts';
import type { NullCache } from '../../core/drift/null-cache.ts';
import type { Lake } from '../aws/lake.ts';
import { profileCapture } from './profile-capture.ts';
import { qualitySetupOf, windowLabels } from './quality-setup.ts';
import { qualityTally } from './quality-tally.ts';
import { baselineOf } from './training-baseline.ts';

/** What training and its test set left behind for watching a model. */
export interface Reference {
  readonly baseline: Baseline;
  /** Null for models made before that was kept, or with too small a test set. */
  readonly setup: QualitySetup | null;
  /** Null distributions drawn from the baseline so far, for the next window of the same size. */
  readonly draws: NullCache;
}

/** The reference read last, for the next invocation of the same process: what a run left behind never changes. */
const readLast = new WeakMap<Lake, { readonly run: string; readonly reference: Reference }>();

/** The reference of the model that a window is judged as. */
export async function referenceOf(model: string, live: WatchedModel, lake: Lake): Promise<Reference> {
  const run = `${model}/${live.runId}`;
  const known = readLast.get(lake);
  if (known?.run === run) return known.reference;
  const [baseline, setup] = await Promise.all([baselineOf(model, live, lake), qualitySetupOf(model, live, lake)]);
  const reference: Reference = { baseline, setup, draws: new Map() };
  readLast.set(lake, { run, reference });
  return reference;
}

/** Counts the rows of a window in some of its capture files, joined with all labels that came for it. */
export async function countFiles(
  model: ModelConfig,
  { window, live, reference }: { readonly window: Window; readonly live: WatchedModel; readonly reference: Reference },
  keys: readonly string[],
  lake: Lake,
): Promise<WindowCounts> {
  const labels = await windowLabels(model.name, window.to, lake);
  return profileCapture(
    keys,
    {
      model,
      window,
      baseline: reference.baseline.profile,
      packageArn: live.packageArn,
      quality: qualityTally(model, reference.setup, labels),
    },
    lake,
  );
}
