import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { describeArtifact } from '../../../lambdas/describe-artifact/describe-artifact.ts';
import { memoryLake } from '../memory-lake.ts';
import { ARTIFACT, MODEL_FILES, modelArchive } from '../run-fixture.ts';

async function described(files: Readonly<Record<string, string>>) {
  const lake = memoryLake();
  lake.objects.set(ARTIFACT, modelArchive(files));
  return describeArtifact({ model: 'flights', artifact: `s3://lake/${ARTIFACT}` }, { bucket: 'lake', lake });
}

test('an artifact is described by the hash of every file and the environment it was trained in', async () => {
  const { files, filesHash, environment } = await described(MODEL_FILES);
  expect(files['model.json']).toBe(createHash('sha256').update('trees').digest('hex'));
  expect(Object.keys(files)).toEqual(['environment.json', 'model.json']);
  expect(filesHash).toMatch(/^[0-9a-f]{64}$/);
  expect(environment).toBe('Python 3.11.7, 1 package');
});

test('an artifact of very many files is described by their common hash alone, so that its record stays small', async () => {
  const many = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`file-${index}`, 'x']));
  const { files, filesHash } = await described(many);
  expect(files).toEqual({});
  expect(filesHash).not.toBe((await described({ ...many, more: 'x' })).filesHash);
});

test('an artifact without an environment has none', async () => {
  expect((await described({ 'model.json': 'trees' })).environment).toBeNull();
});

test('an artifact of another model is refused', async () => {
  const wrong = { model: 'others', artifact: `s3://lake/${ARTIFACT}` };
  await expect(describeArtifact(wrong, { bucket: 'lake', lake: memoryLake() })).rejects.toThrow(/foreign-object/);
});
