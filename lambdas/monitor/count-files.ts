import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Answering, Window, WindowCounts } from '../../contracts/window.ts';
import type { SizedFile } from '../../core/monitoring/plan-shards.ts';
import type { Version } from './count-version.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { profileCapture } from './profile-capture.ts';
import { referenceOf, runOf } from './references.ts';
import { HELD_LABEL_BYTES } from './sizes.ts';
import { labelsFor, type Part } from './window-labels.ts';

/** What is counted, and what it is joined with. */
export interface CountedFiles {
  readonly window: Window;
  readonly answering: Answering;
  /** Keys of capture files. */
  readonly keys: readonly string[];
  /** All files of labels of the window. */
  readonly labels: readonly SizedFile[];
  readonly part: Part;
}

/** Counts the rows of a window in some of its capture files, joined with the labels that came for them. */
export async function countFiles(
  model: ModelConfig,
  { window, answering, keys, labels, part }: CountedFiles,
  { lake, lineage, heldLabelBytes }: Pick<MonitorTools, 'lake' | 'lineage' | 'heldLabelBytes'>,
): Promise<WindowCounts> {
  const columns = model.data.columns.map(({ name }) => name).filter((name) => name !== model.data.target);
  const versionOf = async (packageArn: string): Promise<Version> => {
    const runId = await runOf(model.name, packageArn, answering, lineage);
    return { packageArn, runId, reference: runId === null ? null : await referenceOf(model, runId, lake) };
  };
  const joined = await labelsFor(labels, { keys, columns, part }, heldLabelBytes ?? HELD_LABEL_BYTES, lake);
  return profileCapture(keys, { model, window, columns, answering, labels: joined, versionOf }, lake);
}
