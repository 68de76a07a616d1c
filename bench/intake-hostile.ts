import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { openDuck, quoteText } from '../core/duckdb.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { type Contender, ours } from './contender.ts';

const FILES = 10_000;
const QUICK_FILES = 500;
const HANG_SECONDS = 10;
const HEAP_MEGABYTES = 192;

const LineSchema = z.union([
  z.object({ seed: z.int(), milliseconds: z.number(), problem: z.string().optional() }),
  z.object({ cpuSeconds: z.number(), peakMegabytes: z.number() }),
]);

/** Files that are damaged, hostile or harmless: each must get the report it deserves, soon, in bounded memory. */
export const intakeHostile: Bench = {
  name: 'intake-hostile',
  summary: 'thousands of damaged, hostile and harmless files: crashes, hangs, wrong reports, memory',
  environments: [],
  run: async (context) => {
    const files = context.quick ? QUICK_FILES : FILES;
    const outcome = await takeIn(context, files);
    for (const problem of outcome.problems.slice(0, 50)) context.say(problem);
    return figuresOf(outcome, files);
  },
};

interface Outcome {
  reports: number;
  crashes: number;
  hangs: number;
  slowest: number;
  peak: number;
  readonly problems: string[];
}

async function takeIn(context: BenchContext, files: number): Promise<Outcome> {
  const folder = join(context.scratch, 'files');
  const parquet = join(context.scratch, 'good.parquet');
  await mkdir(folder);
  await writeParquet(parquet, folder);
  const outcome: Outcome = { reports: 0, crashes: 0, hangs: 0, slowest: 0, peak: 0, problems: [] };
  for (let from = 0; from < files; ) {
    const contender = await ours(context, 'hostile', 'intake-hostile', [folder, parquet, String(from), String(files)]);
    const reached = await follow(contender, outcome);
    context.say(`${reached} of ${files} files`);
    // Whatever ended the process, the files behind are taken in by another.
    from = reached < files ? Math.max(reached, from) + 1 : files;
  }
  return outcome;
}

/** Runs until it ends, crashes or hangs; answers how many seeds are done. */
async function follow({ command, args }: Contender, outcome: Outcome): Promise<number> {
  const child = spawn(command, [`--max-old-space-size=${HEAP_MEGABYTES}`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let done = Number(args.at(-2));
  let hung = false;
  const hang = () => {
    hung = true;
    child.kill('SIGKILL');
  };
  let watchdog = setTimeout(hang, HANG_SECONDS * 1000 * 3);
  const ended = new Promise((resolve) => child.once('close', resolve));
  for await (const text of createInterface({ input: child.stdout })) {
    clearTimeout(watchdog);
    watchdog = setTimeout(hang, HANG_SECONDS * 1000);
    const line = LineSchema.parse(JSON.parse(text));
    if ('seed' in line) {
      done = line.seed + 1;
      outcome.reports++;
      outcome.slowest = Math.max(outcome.slowest, line.milliseconds / 1000);
      if (line.problem !== undefined) outcome.problems.push(`file ${line.seed}: ${line.problem}`);
    } else outcome.peak = Math.max(outcome.peak, line.peakMegabytes);
  }
  const code = await ended;
  clearTimeout(watchdog);
  if (hung) outcome.hangs++;
  else if (code !== 0) outcome.crashes++;
  if (hung || code !== 0) outcome.problems.push(`file ${done}: ${hung ? 'hung' : `ended with ${code}`}`);
  return done;
}

async function writeParquet(path: string, folder: string): Promise<void> {
  const duck = await openDuck({ folder });
  await duck.run(
    `COPY (SELECT 'id' || i AS id, i / 7.0 AS amount, TIMESTAMP '2001-01-01' + INTERVAL (i) HOUR AS at, ['red', 'green', 'blue'][1 + i % 3] AS colour,
       CASE WHEN i % 5 = 0 THEN NULL ELSE 'note ' || i END AS note, i % 2 = 0 AS late FROM range(500) AS rows(i)) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  duck.close();
}

function figuresOf({ reports, crashes, hangs, slowest, peak, problems }: Outcome, files: number): readonly Figure[] {
  const none = { atMost: 0 } as const;
  return [
    { what: 'files with a report', value: reports, unit: `of ${files}`, goal: { atLeast: files } },
    { what: 'crashes', value: crashes, unit: '', goal: none },
    { what: `hangs over ${HANG_SECONDS} s`, value: hangs, unit: '', goal: none },
    {
      what: 'reports that are wrong',
      value: problems.length - crashes - hangs,
      unit: '',
      goal: none,
      note: 'good files refused, planted faults not named, bad files accepted',
    },
    { what: 'slowest file', value: slowest, unit: 's', goal: { atMost: HANG_SECONDS } },
    {
      what: 'memory, highest',
      value: peak,
      unit: 'MB',
      note: `JavaScript heap bounded to ${HEAP_MEGABYTES} MB, database to 128 MB`,
    },
  ];
}
