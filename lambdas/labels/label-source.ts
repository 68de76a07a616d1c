import { isLabelsKey, labelsInboxPrefix } from '../../contracts/keys.ts';
import type { LabelsInput } from '../../contracts/machines.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import type { Lake } from '../aws/lake.ts';

/** Labels as bytes to read, with what is said of where they came from. */
export interface LabelSource {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly source: { readonly key: string; readonly versionId: string } | null;
  readonly arrivedAt: Date;
  readonly shown: string;
}

/**
 * Opens an uploaded file of labels, or rows that came in the input itself.
 * @throws ModelwayError `invalid-labels` when the object lies outside the model's labels folder
 */
export function labelSource(model: string, labels: LabelsInput, startedAt: string, lake: Lake): LabelSource {
  if (Array.isArray(labels)) {
    const text = labels.map((row) => `${JSON.stringify(row)}\n`).join('');
    return { chunks: once(Buffer.from(text)), source: null, arrivedAt: new Date(startedAt), shown: 'the input' };
  }
  const { key, versionId, uploadedAt } = labels;
  if (!isLabelsKey(model, key))
    throw new ModelwayError('invalid-labels', 'input', [
      {
        path: 'labels.key',
        message: 'lies outside the folder of labels',
        got: key,
        fix: `upload below ${labelsInboxPrefix(model)}`,
      },
    ]);
  return {
    chunks: lake.stream(key, versionId),
    source: { key, versionId },
    arrivedAt: new Date(uploadedAt),
    shown: key,
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
