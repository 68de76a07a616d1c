import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import type { BenchContext } from './bench.ts';

/** What one run of a contender cost: CPU of the whole process with its children, and the most memory it held. */
const CostSchema = z.object({ cpuSeconds: z.number(), peakMegabytes: z.number() });
export type Cost = z.infer<typeof CostSchema>;

/** A program that does the work of a benchmark and prints its own cost as its last line. */
export interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Left out: as many as the benchmark asks for. */
  readonly repetitions?: number;
}

/** The lowest cost of each contender by name; their runs take turns, so that the machine's moods meet all of them alike. */
export async function takeTurns(
  contenders: readonly Contender[],
  repetitions: number,
  { say }: BenchContext,
): Promise<ReadonlyMap<string, Cost>> {
  const lowest = new Map<string, Cost>();
  for (let turn = 0; turn < repetitions; turn++)
    for (const contender of contenders) {
      if (turn >= (contender.repetitions ?? repetitions)) continue;
      const cost = await runOnce(contender);
      const { cpuSeconds, peakMegabytes } = cost;
      say(`${contender.name}, run ${turn + 1}: ${cpuSeconds.toFixed(2)} s CPU, ${Math.round(peakMegabytes)} MB`);
      const before = lowest.get(contender.name) ?? cost;
      lowest.set(contender.name, {
        cpuSeconds: Math.min(before.cpuSeconds, cpuSeconds),
        peakMegabytes: Math.max(before.peakMegabytes, peakMegabytes),
      });
    }
  return lowest;
}

/** A contender of ours: a script of bench/contenders, bundled as the Lambda handlers are. */
export async function ours(
  { root }: BenchContext,
  name: string,
  script: string,
  args: readonly string[],
): Promise<Contender> {
  const outfile = join(root, '.build', 'bench', `${script}.cjs`);
  await build({
    entryPoints: [join(root, 'bench', 'contenders', `${script}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: ['@duckdb/node-api'],
    logLevel: 'error',
  });
  return { name, command: process.execPath, args: [outfile, ...args] };
}

/** A peer: a script of bench/peers in an environment of its own. */
export function peer({ root }: BenchContext, name: string, script: string, args: readonly string[]): Contender {
  return {
    name,
    command: join(root, '.venvs', `bench-${name}`, 'bin', 'python'),
    args: [join(root, 'bench', 'peers', script), ...args],
    // One thread for all, and no telemetry.
    environment: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', DO_NOT_TRACK: '1', PYTHONWARNINGS: 'ignore' },
  };
}

async function runOnce({ name, command, args, environment }: Contender): Promise<Cost> {
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  return CostSchema.parse(JSON.parse(output.trimEnd().split('\n').at(-1) ?? ''));
}
