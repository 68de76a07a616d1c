import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PlanDocumentSchema } from '../../contracts/plan.ts';
import { runCli } from './run-cli.ts';

const GOOD = {
  models: [
    {
      name: 'churn',
      data: {
        columns: [
          { name: 'age', kind: 'numeric' },
          { name: 'left', kind: 'boolean' },
        ],
        target: 'left',
      },
      training: { source: 'training', instances: ['ml.m5.large'] },
      serving: { kind: 'realtime', instanceType: 'ml.m5.large', instanceCount: 1, strategy: { kind: 'all-at-once' } },
    },
  ],
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-plan-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function configure(config: unknown, file = 'modelway.config.ts'): void {
  writeFileSync(join(folder, file), `export default ${JSON.stringify(config)};\n`);
}

function writeScript(): void {
  mkdirSync(join(folder, 'training'));
  writeFileSync(join(folder, 'training', 'train.py'), '');
}

const plan = (...options: readonly string[]) => runCli(['plan', ...options], folder);

describe('modelway plan', () => {
  test('prints resources, price and quotas of the config in this folder', async () => {
    configure(GOOD);
    writeScript();
    const { code, out, err } = await plan();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('modelway-churn: realtime on 1 × ml.m5.large, all-at-once');
    expect(out).toContain('730 ml.m5.large hours at $0.115');
    expect(out).toContain('2  ml.m5.large for endpoint usage');
    expect(out).toContain('Estimated prices of us-east-1');
    expect(out).toMatch(/\$0\.\d\d {2}compute, requests and storage a month\n/);
    expect(out).toMatch(/with the 30 windows of this model, counted over 730 times; /);
    expect(out).toMatch(/\$2\.60 {2}CloudWatch a month/);
  });

  test('prints one JSON document that fits its schema', async () => {
    configure(GOOD);
    writeScript();
    const { code, out } = await plan('--json');
    expect(code).toBe(0);
    expect(PlanDocumentSchema.parse(JSON.parse(out)).models.map((model) => model.name)).toEqual(['churn']);
  });

  test('reads another file with --config', async () => {
    configure({ ...GOOD, name: 'elsewhere' }, 'other.ts');
    writeScript();
    expect((await plan('--config', 'other.ts')).out).toContain('Plan of elsewhere');
  });

  test('reports every mistake of a config at once, each with its path, the value and the change to make', async () => {
    const [model] = GOOD.models;
    configure({
      models: [
        {
          ...model,
          name: 'Churn',
          serving: { ...model?.serving, strategy: { kind: 'canary', percent: 10, bakeSeconds: 60 } },
        },
      ],
    });
    const { code, out, err } = await plan();
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/models\[0\]\.name: must be .* \(got "Churn"\)/);
    expect(err).toMatch(/models\[0\]\.serving\.instanceCount: .* raise instanceCount or use all-at-once \(got 1\)/);
    expect(err).toMatch(/models\[0\]\.serving\.strategy\.bakeSeconds: .* \(got 60\)/);
  });

  test('refuses a model whose training folder or script is missing', async () => {
    configure(GOOD);
    expect((await plan()).err).toMatch(
      /models\[0\]\.training\.source: there is no such folder \(got training\); make .*train\.py/,
    );
    mkdirSync(join(folder, 'training'));
    const { code, err } = await plan();
    expect(code).toBe(2);
    expect(err).toContain('models[0].training.entry: there is no such script in training (got train.py)');
  });

  test('says what is wrong with a config file that cannot be loaded, is missing, or exports nothing', async () => {
    writeFileSync(join(folder, 'broken.ts'), 'export default {{;\n');
    writeFileSync(join(folder, 'empty.ts'), 'export const platform = {};\n');
    for (const [file, words] of [
      ['broken.ts', 'could not be loaded'],
      ['empty.ts', 'has no default export'],
      ['missing.ts', 'there is no such file'],
    ] as const) {
      const { code, err } = await plan('--config', file);
      expect(code).toBe(2);
      expect(err).toContain(words);
      expect(err).not.toContain('    at ');
    }
  });
});
