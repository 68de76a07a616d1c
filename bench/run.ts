import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { figureLines, isMet } from './bench.ts';
import { BENCHES } from './benches.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** `npm run bench -- NAME [--json] [--quick]`: 0 when every goal of the benchmark is met, 1 when one is not, 2 for wrong use. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, quick: { type: 'boolean' } },
    allowPositionals: true,
  });
  const bench = BENCHES.find(({ name }) => name === positionals[0]);
  if (bench === undefined) {
    const list = BENCHES.map(({ name, summary }) => `  ${name.padEnd(20)} ${summary}`);
    process.stderr.write(`use it as: npm run bench -- NAME [--json] [--quick]\n\n${list.join('\n')}\n`);
    return 2;
  }
  const installed = spawnSync('node', ['bin/bootstrap.mjs', 'packages', ...bench.environments], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
  });
  if (installed.status !== 0) return 2;
  const scratch = mkdtempSync(join(tmpdir(), 'modelway-bench-'));
  try {
    const say = (line: string) => process.stderr.write(`${line}\n`);
    const figures = await bench.run({ root: ROOT, scratch, quick: values.quick === true, say });
    const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`;
    const document = { bench: bench.name, quick: values.quick === true, machine, figures };
    const text = [`${bench.name} on ${machine}`, ...figureLines(figures)].join('\n');
    process.stdout.write(values.json === true ? `${JSON.stringify(document, null, 2)}\n` : `${text}\n`);
    return figures.some((figure) => isMet(figure) === false) ? 1 : 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

process.exitCode = await main();
