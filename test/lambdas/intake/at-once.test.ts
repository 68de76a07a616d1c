import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AcceptedContent } from '../../../core/intake/validate-file.ts';
import { fileSha256 } from '../../../core/lineage/file-hash.ts';
import { registerVersion } from '../../../lambdas/intake/register-version.ts';
import { localContent } from '../../../lambdas/intake/storable-content.ts';
import { intakeForTests } from '../../core/intake/take-file.ts';
import { flightsModel } from '../flights-model.ts';
import { memoryLake } from '../memory-lake.ts';
import { memoryLineage } from '../memory-lineage.ts';
import { wholeVersions } from './intake-stage.ts';

/** Registrations of the same rows at the same time, from files of which some repeat a row and are therefore stored as other bytes. */

const intake = intakeForTests();
const model = flightsModel();
const schema = { ...model.data, severities: { 'duplicate-row': 'quarantine' as const } };
const rows = Array.from(
  { length: 40 },
  (_, index) => `2001-01-0${1 + (index % 9)}T05:30:00Z,${index},,SFO,${index % 2 === 0}\n`,
);
const csv = (lines: readonly string[]) => `departs,distance,earlier,origin,late\n${lines.join('')}`;

let folder = '';
const contents: AcceptedContent[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-at-once-'));
  for (const lines of [rows, [...rows, rows[3] ?? '']]) {
    const { accepted } = await intake.take(schema, 'f.csv', csv(lines));
    if (accepted !== null) contents.push(accepted);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the same rows are stored as other bytes when one of them was taken out', async () => {
  expect(contents[1]?.contentHash).toBe(contents[0]?.contentHash);
  const hashes = await Promise.all(contents.map(({ parts }) => fileSha256(parts[0]?.path ?? '')));
  expect(hashes[1]).not.toBe(hashes[0]);
});

test('of fifty registrations in any order of their steps one wins, all get the same answer, and what is on record is whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const [lake, lineage] = [memoryLake(), memoryLineage()];
      let written = 0;
      const step = <T>(act: () => Promise<T>) => scheduler.schedule(Promise.resolve()).then(act);
      const tools = {
        now: () => new Date('2001-02-03T04:05:06Z'),
        lake: {
          ...lake,
          list: (prefix: string) => step(() => lake.list(prefix)),
          putFile: (key: string, path: string, type: string) => step(() => lake.putFile(key, path, type)),
          putBytes: (key: string, body: Uint8Array, type: string) => step(() => lake.putBytes(key, body, type)),
        },
        lineage: {
          ...lineage,
          get: (name: string, sk: string) => step(() => lineage.get(name, sk)),
          put: async (record: Parameters<typeof lineage.put>[0]) => {
            const outcome = await step(() => lineage.put(record));
            if (outcome === 'written') written++;
            return outcome;
          },
        },
      };
      const register = (index: number) => {
        const content = contents[index % 2];
        if (content === undefined) throw new Error('there are two contents');
        const source = { bucket: 'lake', key: `k${index}`, versionId: 'v', sha256: 'x', rows: 40 };
        const stored = localContent(model, content, intake.duck(), tools.lake);
        return registerVersion(
          { model, execution: `e${index}`, content: stored, sources: [source], comparedWith: null },
          tools,
        );
      };
      const answers = await scheduler.waitFor(Promise.all(Array.from({ length: 50 }, (_, index) => register(index))));
      expect(new Set(answers).size).toBe(1);
      expect(written).toBe(1);
      const [version, ...more] = wholeVersions(lake, lineage);
      expect([version?.version, more]).toEqual([answers[0], []]);
    }),
    { numRuns: 2, seed: 5 },
  );
});
