import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ModelwayError } from '../../contracts/problems.ts';
import { layerFolder } from '../../lib/duckdb-layer.ts';
import { bundleHandlers } from '../../lib/lambda-assets.ts';
import { inNewFolder } from './fixture-app.ts';

const { folder, remove } = inNewFolder();
afterAll(remove);

describe('function bundles', () => {
  test('are CommonJS files that export the handler, with everything but DuckDB inside', async () => {
    mkdirSync(join(folder, 'lambdas', 'record'), { recursive: true });
    writeFileSync(
      join(folder, 'lambdas', 'record', 'handler.ts'),
      "import { basename } from 'node:path';\nclass Refused extends Error {}\nexport const handler = async (event: string) => [basename(event), new Refused('x').constructor.name];\n",
    );
    const build = join(folder, 'build');
    const bundles = bundleHandlers(['record'], { sources: join(folder, 'lambdas'), build });
    const loaded: { handler: (event: string) => Promise<unknown> } = createRequire(import.meta.url)(
      join(bundles.get('record') ?? '', 'index.js'),
    );
    expect(await loaded.handler('a/b')).toEqual(['b', 'Refused']);
  });

  test('are left alone when nothing changed, so that two syntheses do not disturb each other', () => {
    const options = { sources: join(folder, 'lambdas'), build: join(folder, 'build') };
    const path = join(bundleHandlers(['record'], options).get('record') ?? '', 'index.js');
    const before = statSync(path).ino;
    bundleHandlers(['record'], options);
    expect(statSync(path).ino).toBe(before);
  });

  test('what is loaded late is found in a layer, where only `require` looks', () => {
    mkdirSync(join(folder, 'late', 'record'), { recursive: true });
    writeFileSync(
      join(folder, 'late', 'record', 'handler.ts'),
      "export const handler = async () => Object.keys(await import('@duckdb/node-api')).includes('DuckDBInstance');\n",
    );
    const bundles = bundleHandlers(['record'], { sources: join(folder, 'late'), build: join(folder, 'late-build') });
    const printed = execFileSync(
      process.execPath,
      ['-e', "require('./index.js').handler().then((found) => console.log(found))"],
      {
        cwd: bundles.get('record') ?? '',
        encoding: 'utf8',
        env: { NODE_PATH: join(layerFolder().folder, 'nodejs', 'node_modules') },
      },
    );
    expect(printed).toBe('true\n');
  });

  test('every function without a handler is named at once', () => {
    const bundling = () => bundleHandlers(['gates', 'monitor'], { sources: folder, build: join(folder, 'build') });
    expect(bundling).toThrow(ModelwayError);
    expect(bundling).toThrow(/gates.*monitor/);
  });
});

describe('DuckDB layer', () => {
  test('holds the native library of Lambda’s x86_64, whatever this machine is', () => {
    const { folder: layer, version } = layerFolder();
    const native = join(layer, 'nodejs/node_modules/@duckdb/node-bindings-linux-x64/duckdb.node');
    expect(statSync(native).size).toBeGreaterThan(100_000);
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('says which package is missing and how to get it, because npm skips foreign ones in silence', () => {
    expect(() => layerFolder([folder])).toThrow(/@duckdb\/node-api.*not installed/);
    const scope = join(folder, 'foreign', '@duckdb');
    for (const name of ['node-api', 'node-bindings', 'node-bindings-linux-x64']) {
      mkdirSync(join(scope, name), { recursive: true });
      writeFileSync(join(scope, name, 'package.json'), '{"version":"1.2.3"}');
    }
    expect(() => layerFolder([join(folder, 'foreign')])).toThrow(
      /--cpu=x64 .* @duckdb\/node-bindings-linux-x64@1\.2\.3/,
    );
  });
});
