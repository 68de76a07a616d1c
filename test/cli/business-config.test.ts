import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from './run-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-business-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What `plan` says of a model with these business metrics; its training script is missing, too. */
async function planned(...expressions: readonly string[]) {
  const model = {
    name: 'loans',
    data: {
      columns: [
        { name: 'amount', kind: 'numeric' },
        { name: 'defaulted', kind: 'boolean' },
      ],
      target: 'defaulted',
    },
    training: { source: './nowhere', instances: ['ml.m5.large'] },
    serving: {
      kind: 'realtime',
      instanceType: 'ml.m5.large',
      instanceCount: 2,
      strategy: { kind: 'canary', percent: 50, bakeSeconds: 600, keepOldSeconds: 300 },
      rollback: { errorShare: 0.01, latencyMilliseconds: 500, periodSeconds: 60 },
    },
    monitoring: {
      every: 'day',
      business: expressions.map((expression, index) => ({ name: `metric-${index}`, unit: 'USD', expression })),
    },
  };
  writeFileSync(join(folder, 'modelway.config.ts'), `export default ${JSON.stringify({ models: [model] })};`);
  return runCli(['plan', '--config', 'modelway.config.ts'], folder);
}

test('a config with a bad business metric is refused, with everything else that is wrong', async () => {
  const { code, err } = await planned('row.amount', 'row.amout * 2.0', 'label * 0.5');
  expect(code).toBe(2);
  expect(err).toContain('models[0].training.source');
  expect(err).toContain('models[0].monitoring.business[1].expression: reads a column amout');
  expect(err).toContain('models[0].monitoring.business[2].expression: does not fit together');
  expect(err).not.toContain('business[0]');
});
