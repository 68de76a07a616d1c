import { createHash } from 'node:crypto';
import { codeKey, snapshotKeys } from '../../contracts/keys.ts';
import type { RunDetail } from '../../contracts/reproduction.ts';
import { readArchive } from '../../core/reproduction/read-archive.ts';
import { chunks, handmade } from '../core/reproduction/tar-fixture.ts';
import { type MemoryLake, memoryLake } from './memory-lake.ts';
import { lineageRecord, type MemoryLineage, memoryLineage } from './memory-lineage.ts';

export const MODEL_FILES = {
  'model.json': 'trees',
  'environment.json': '{"python": "3.11.7", "packages": {"numpy": "2.1.0"}}',
};

/** A model archive of these files. */
export const modelArchive = (files: Readonly<Record<string, string>>): Buffer =>
  handmade(Object.entries(files).map(([name, body]) => ({ name, body })));

export const KEYS = snapshotKeys('flights', 's-1');
export const ARTIFACT = 'training/flights/first/output/model.tar.gz';
const CODE = codeKey('flights', sha256('a bundle'));

/** A lake and a lineage with one run in them, all of whose files are as they were; `detail` changes what its record says. */
export async function oneRun(
  detail: Partial<Record<keyof RunDetail, unknown>> = {},
): Promise<{ readonly lake: MemoryLake; readonly lineage: MemoryLineage; readonly code: string }> {
  const lake = memoryLake();
  const inputs = [KEYS.train, KEYS.validation, KEYS.testFeatures, KEYS.testLabels, KEYS.config, KEYS.baseline];
  for (const key of inputs) lake.objects.set(key, Buffer.from(`content of ${key}`));
  lake.objects.set(CODE, Buffer.from('a bundle'));
  lake.objects.set(ARTIFACT, modelArchive(MODEL_FILES));
  const files = inputs.map((key) => ({ key, sha256: sha256(`content of ${key}`), bytes: 10 }));
  const run: RunDetail = {
    imageUri: 'xgboost:3.0-5',
    hyperparameters: { eta: '0.1' },
    instanceType: 'ml.m5.xlarge',
    codeUri: `s3://lake/${CODE}`,
    codeHash: sha256('a bundle'),
    artifact: `s3://lake/${ARTIFACT}`,
    filesHash: (await readArchive(chunks(modelArchive(MODEL_FILES)))).filesHash,
    billableSeconds: 194,
  };
  const at = '2001-02-01T01:00:00Z';
  const lineage = memoryLineage([
    lineageRecord('flights', { kind: 'snapshot', id: 's-1', at, detail: { snapshotId: 's-1', files } }),
    lineageRecord('flights', { kind: 'run', id: 'r-1', at, parents: ['snapshot#s-1'], detail: { ...run, ...detail } }),
  ]);
  return { lake, lineage, code: CODE };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
