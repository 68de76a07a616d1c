import { windowKeys } from '../../contracts/keys.ts';
import type { Label } from '../../contracts/labels.ts';
import { linesOf } from '../../core/capture/lines.ts';
import { type LabelAgreement, type LabelIndex, labelIndex } from '../../core/labels/label-index.ts';
import { readLabels } from '../../core/labels/read-labels.ts';
import { halvesOf, type IdHalves, type IdSet, idSet, partOf } from '../../core/monitoring/id-set.ts';
import { idsInLine } from '../../core/monitoring/ids-in-line.ts';
import type { SizedFile } from '../../core/monitoring/plan-shards.ts';
import type { Lake } from '../aws/lake.ts';
import { readAhead } from '../aws/read-ahead.ts';

/** Labels of some capture files: asked for once for each row, and how the labels of a share of all ids agree with each other. */
export interface FileLabels {
  readonly take: LabelIndex['take'];
  /** True when no row has a label. */
  readonly isEmpty: boolean;
  /** Predictions whose labels are held, some 115 bytes each. */
  readonly held: number;
  readonly agreement: LabelAgreement;
}

/** The files of labels that came for a window so far. */
export const labelFiles = (model: string, windowEnd: string, lake: Lake): Promise<readonly SizedFile[]> =>
  lake.list(windowKeys(model, windowEnd).labels);

/** Which of how many parts of a window is counted. */
export interface Part {
  readonly shard: number;
  readonly shards: number;
}

/**
 * The labels of a window for some of its capture files. Few labels are all held, about as many bytes as their files have. Of more than
 * `heldBytes` only those of ids that the capture files hold, for which these are read through once before: memory is then bounded by the
 * capture files, however many labels there are.
 */
export async function labelsFor(
  files: readonly SizedFile[],
  capture: { readonly keys: readonly string[]; readonly columns: readonly string[]; readonly part: Part },
  heldBytes: number,
  lake: Lake,
): Promise<FileLabels> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const { shard, shards } = capture.part;
  if (bytes <= heldBytes) {
    const index = labelIndex();
    await readAll(files, lake, (label) => index.add(label, Number.NaN));
    // Every part holds the same labels then, so one of them tells how they agree.
    const agreement = index.agreement();
    return {
      take: index.take,
      isEmpty: files.length === 0,
      held: agreement.distinct,
      agreement: shard === 0 ? agreement : NO_LABELS,
    };
  }
  const ids = await idsOf(capture.keys, capture.columns, lake);
  const own = labelIndex();
  const slices = Math.max(shards, Math.ceil(bytes / heldBytes));
  let agreement = NO_LABELS;
  for (let slice = shard; slice < slices; slice += shards) {
    const inSlice = labelIndex();
    const isOfSlice = (id: IdHalves) => partOf(id, slices) === slice;
    const isOwn = slice === shard ? ids.has : () => false;
    const take = (label: Label) => {
      const id = halvesOf(label.inferenceId);
      if (isOwn(id)) own.add(label, Number.NaN);
      if (isOfSlice(id)) inSlice.add(label, Number.NaN);
    };
    const wanted = (inferenceId: string) => {
      const id = halvesOf(inferenceId);
      return isOfSlice(id) || isOwn(id);
    };
    await readAll(files, lake, take, wanted);
    agreement = added(agreement, inSlice.agreement());
  }
  return { take: own.take, isEmpty: false, held: own.agreement().distinct, agreement };
}

const NO_LABELS: LabelAgreement = { distinct: 0, repeated: 0, contradicting: 0 };

const added = (a: LabelAgreement, b: LabelAgreement): LabelAgreement => ({
  distinct: a.distinct + b.distinct,
  repeated: a.repeated + b.repeated,
  contradicting: a.contradicting + b.contradicting,
});

/** Stored labels all say when they became known, so when their file was written does not matter. */
async function readAll(
  files: readonly SizedFile[],
  lake: Lake,
  take: (label: Label) => void,
  wanted?: (inferenceId: string) => boolean,
): Promise<void> {
  const keys = files.map(({ key }) => key);
  for await (const { content } of readAhead(keys, lake)) await readLabels(content, take, wanted);
}

async function idsOf(keys: readonly string[], columns: readonly string[], lake: Lake): Promise<IdSet> {
  const ids = idSet();
  for await (const { content } of readAhead(keys, lake))
    for await (const line of linesOf(content)) for (const id of idsInLine(line, columns)) ids.add(halvesOf(id));
  return ids;
}
