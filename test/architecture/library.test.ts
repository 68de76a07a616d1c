import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROOT } from './checkout.ts';

const APP = `import { App } from 'aws-cdk-lib';
import { definePlatform, ModelwayPlatform } from 'modelway';
import { churn } from './churn.ts';
const app = new App({ analyticsReporting: false });
new ModelwayPlatform(app, 'Models', { config: definePlatform({ name: 'mine', models: [churn] }), folder: import.meta.dirname });
app.synth();
`;

/** A project of somebody else, with modelway linked into it as npm does for a folder. */
let project = '';
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'modelway-library-'));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(ROOT, join(project, 'node_modules', 'modelway'));
  for (const dependency of ['aws-cdk-lib', 'constructs'])
    symlinkSync(join(ROOT, 'node_modules', dependency), join(project, 'node_modules', dependency));
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  copyFileSync(join(import.meta.dirname, 'churn.ts'), join(project, 'churn.ts'));
  writeFileSync(join(project, 'app.ts'), APP);
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

describe('the construct library', () => {
  test('synthesizes the README’s model in another project, with no AWS account in sight', () => {
    mkdirSync(join(project, 'models', 'churn'), { recursive: true });
    for (const script of ['train.py', 'inference.py']) writeFileSync(join(project, 'models', 'churn', script), '');
    const env = { PATH: process.env.PATH ?? '', HOME: project, CDK_OUTDIR: 'cdk.out' };
    execFileSync(process.execPath, ['app.ts'], { cwd: project, env, stdio: 'pipe' });
    for (const stack of ['mine-platform', 'mine-churn'])
      expect(existsSync(join(project, 'cdk.out', `${stack}.template.json`)), stack).toBe(true);
  }, 180_000);
});
