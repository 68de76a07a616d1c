import { describe, expect, it } from 'vitest';
import { promote } from '../../../lambdas/promote/promote.ts';
import type { Listed, Serving } from '../../../lambdas/promote/serving.ts';
import { isOwn } from '../../../lambdas/promote/what-to-delete.ts';
import { flightsModel } from '../flights-model.ts';
import { memoryLineage } from '../memory-lineage.ts';

const NOW = new Date('2001-03-01T00:00:00Z');
const PREFIX = 'modelway-flights-';

const request = (n: number, previousConfigName: string) => ({
  model: flightsModel(),
  execution: `deploy-${n}`,
  endpointName: 'modelway-flights',
  modelPackageArn: `arn:package/${n}`,
  modelName: `${PREFIX}d${n}-0`,
  endpointConfigName: `${PREFIX}d${n}-0`,
  previousConfigName,
  runId: `run-${n}`,
});

/** SageMaker's side in memory: a config d<n>-0 serves the model of the same name. */
function servingOf(configs: readonly string[], models: readonly string[], createdAt = NOW) {
  const deleted: string[] = [];
  const listed = (names: readonly string[], part: string): Listed[] =>
    names.filter((name) => name.includes(part) && !deleted.includes(name)).map((name) => ({ name, createdAt }));
  const serving: Serving = {
    configs: async (part) =>
      listed(
        configs.map((name) => name),
        part,
      ),
    models: async (part) => listed(models, part),
    modelsOf: async (config) => [config],
    deleteConfig: async (name) => {
      deleted.push(`config ${name}`);
    },
    deleteModel: async (name) => {
      deleted.push(`model ${name}`);
    },
  };
  return { serving, deleted };
}

const names = (...numbers: number[]) => numbers.map((n) => `${PREFIX}d${n}-0`);
const tools = (serving: Serving, lineage = memoryLineage()) => ({
  platform: 'modelway',
  lineage,
  serving,
  now: () => NOW,
});

describe('promote', () => {
  it('points at the verified deployment, with the run whose baseline monitoring needs', async () => {
    const lineage = memoryLineage();
    await promote(request(1, ''), tools(servingOf([], []).serving, lineage));
    expect(await lineage.live('flights')).toEqual({
      packageArn: 'arn:package/1',
      modelName: `${PREFIX}d1-0`,
      endpointConfigName: `${PREFIX}d1-0`,
      runId: 'run-1',
      since: NOW.toISOString(),
    });
  });

  it('keeps what serves and what served before, and deletes older configs with their models', async () => {
    const { serving, deleted } = servingOf(names(1, 2, 3), names(1, 2, 3));
    const lineage = memoryLineage();
    await promote(request(2, ''), tools(servingOf([], []).serving, lineage));
    const result = await promote(request(3, `${PREFIX}d2-0`), tools(serving, lineage));
    expect(deleted).toEqual([`config ${PREFIX}d1-0`, `model ${PREFIX}d1-0`]);
    expect(result.deleted).toEqual([`${PREFIX}d1-0`, `${PREFIX}d1-0`]);
  });

  it('never touches another model’s resources, even when its name begins alike', async () => {
    const others = [`${PREFIX}cargo-d9-0`, `${PREFIX}7-d9-0`, 'modelway-trains-d1-0', `${PREFIX}by-hand`];
    const { serving, deleted } = servingOf([...names(1), ...others], others, new Date(0));
    await promote(request(3, `${PREFIX}d2-0`), tools(serving));
    expect(deleted).toEqual([`config ${PREFIX}d1-0`]);
  });

  it('spares a young model that no config names: a run in flight may be scoring with it', async () => {
    const young = servingOf([], names(8));
    await promote(request(3, ''), tools(young.serving));
    expect(young.deleted).toEqual([]);
    const old = servingOf([], names(8), new Date('2001-02-01T00:00:00Z'));
    await promote(request(3, ''), tools(old.serving));
    expect(old.deleted).toEqual([`model ${PREFIX}d8-0`]);
  });

  it('changes nothing when done again', async () => {
    const lineage = memoryLineage();
    const first = tools(servingOf([], []).serving, lineage);
    await promote(request(1, ''), first);
    const pointer = await lineage.live('flights');
    await promote(request(1, ''), { ...first, now: () => new Date('2002-01-01T00:00:00Z') });
    expect(await lineage.live('flights')).toEqual(pointer);
  });

  it('stops when another deployment moved the pointer meanwhile', async () => {
    const lineage = memoryLineage();
    const raced = { ...lineage, setLive: async () => 'moved' as const };
    await expect(promote(request(1, ''), tools(servingOf([], []).serving, raced))).rejects.toThrow(
      /live-moved: flights: the live pointer no longer names nothing/,
    );
  });
});

describe('isOwn', () => {
  it('takes the prefix, one word, and the number of the try', () => {
    expect(isOwn(PREFIX, `${PREFIX}0123456789abcdef-0`)).toBe(true);
    for (const name of [PREFIX, `${PREFIX}a`, `${PREFIX}a-b`, `${PREFIX}a-0-ca0`, `x${PREFIX}a-0`])
      expect(isOwn(PREFIX, name), name).toBe(false);
  });
});
