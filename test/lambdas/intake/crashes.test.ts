import { describe, expect, test } from 'vitest';
import { takeIn } from '../../../lambdas/intake/take-in.ts';
import { flightsModel } from '../flights-model.ts';
import { type MemoryLake, memoryLake } from '../memory-lake.ts';
import { type MemoryLineage, memoryLineage } from '../memory-lineage.ts';
import { intakeTools, put, request, wholeVersions } from './intake-stage.ts';

const model = flightsModel();
const HEADER = 'departs,distance,earlier,origin,late\n';
const row = (day: number, distance = day) => `2001-01-0${day}T05:30:00Z,${distance},,SFO,${day % 2 === 0}\n`;
/** Two of many rows are bad, so that all kinds of writes are made. */
const many = Array.from({ length: 300 }, (_, index) => row(1 + (index % 9), index)).join('');
const FOLDER = 'inbox/flights/2001-01/';

const uploads = {
  file: {
    key: 'inbox/flights/a.csv',
    fill: (lake: MemoryLake) => put(lake, 'inbox/flights/a.csv', `${HEADER}${many}${row(1, -1)}`),
  },
  folder: {
    key: `${FOLDER}manifest.json`,
    fill: (lake: MemoryLake) => {
      put(lake, `${FOLDER}a.csv`, `${HEADER}${many}`);
      put(lake, `${FOLDER}b.csv`, `${HEADER}${row(1, 1000)}${row(1, -1)}${row(2, 1001)}`);
      put(lake, `${FOLDER}manifest.json`, JSON.stringify({ files: [{ key: 'a.csv', rows: 300 }, { key: 'b.csv' }] }));
    },
  },
};

/** A lake and a table that die together before one write, and stay dead until they are revived. */
function dyingBefore(at: number) {
  let count = 0;
  let revived = false;
  const beforeWrite = () => {
    if (!revived && count++ >= at) throw new Error('the power went');
  };
  const revive = () => {
    revived = true;
  };
  return { lake: memoryLake({ beforeWrite }), lineage: memoryLineage([], { beforeWrite }), revive };
}

function attempt(key: string, lake: MemoryLake, lineage: MemoryLineage) {
  return takeIn(request(model, key), intakeTools(lake, lineage));
}

describe.each(Object.entries(uploads))('a crash during the intake of a %s', (_, { key, fill }) => {
  test('at any write leaves no version in part, and the next try gives the same one', async () => {
    const whole = { lake: memoryLake(), lineage: memoryLineage() };
    fill(whole.lake);
    const result = await attempt(key, whole.lake, whole.lineage);
    expect(result).toMatchObject({ verdict: 'quarantined', datasetVersion: expect.any(String) });
    const [version] = wholeVersions(whole.lake, whole.lineage);
    // What was frozen, quarantine, two reports, one part, the profile; then the record.
    const writes = whole.lake.writes.length + 1;
    expect(writes).toBe(7);

    for (let at = 0; at < writes; at++) {
      const { lake, lineage, revive } = dyingBefore(at);
      fill(lake);
      await expect(attempt(key, lake, lineage)).rejects.toThrow('the power went');
      expect([at, wholeVersions(lake, lineage)]).toEqual([at, []]);
      revive();
      expect(await attempt(key, lake, lineage)).toEqual(result);
      expect(wholeVersions(lake, lineage)).toEqual([version]);
      expect(lineage.records.size).toBe(1);
    }
  });

  test('after the record was written and before anybody heard of it changes nothing', async () => {
    const [lake, lineage] = [memoryLake(), memoryLineage()];
    fill(lake);
    const { put: write } = lineage;
    lineage.put = async (record) => {
      await write(record);
      throw new Error('the answer was lost');
    };
    await expect(attempt(key, lake, lineage)).rejects.toThrow('the answer was lost');
    const versions = wholeVersions(lake, lineage);
    expect(versions.length).toBe(1);
    lineage.put = write;
    const { datasetVersion } = await attempt(key, lake, lineage);
    expect(wholeVersions(lake, lineage)).toEqual(versions);
    expect(datasetVersion).toBe(versions[0]?.version);
  });
});
