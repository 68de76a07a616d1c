import { once } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { openDuck, quoteText } from '../core/duckdb.ts';
import type { Bench, BenchContext, Figure } from './bench.ts';
import { ours, takeTurns } from './contender.ts';
import { COLUMNS } from './contenders/columns.ts';
import { writeRows } from './contenders/generated.ts';

const REPETITIONS = 3;
const FORMS = [
  { name: 'CSV', goal: { atLeast: 350 } },
  { name: 'BASE64', goal: undefined },
  { name: 'JSON', goal: { atLeast: 200 } },
] as const;
type Form = (typeof FORMS)[number]['name'];

/** Speed and memory of reading SageMaker Data Capture. */
export const captureLines: Bench = {
  name: 'capture-lines',
  summary: 'speed and memory of profiling capture files: CSV, BASE64 and JSON bodies, against finding newlines',
  environments: [],
  run: async (context) => {
    const { scratch: folder, quick, say } = context;
    const rows = quick ? 100_000 : 1_000_000;
    const file = (name: string) => join(folder, name);
    await writeRows(file('reference.parquet'), { rows: 200_000, seed: 1, drifted: false, folder });
    await writeRows(file('window.parquet'), { rows, seed: 2, drifted: true, folder });
    const made = [folder, file('reference.parquet'), file('baseline.json')];
    await takeTurns([await ours(context, 'baseline', 'baseline', made)], 1, context);
    for (const { name } of FORMS) {
      say(`writing ${rows} capture lines with ${name} bodies`);
      await writeCapture(file('window.parquet'), file(`${name}.jsonl`), name, folder);
    }
    return measured(context, rows);
  },
};

async function measured(context: BenchContext, rows: number): Promise<readonly Figure[]> {
  const file = (name: string) => join(context.scratch, name);
  const contenders = [await ours(context, 'idle', 'idle', [])];
  for (const { name } of FORMS) {
    const capture = file(`${name}.jsonl`);
    contenders.push(await ours(context, `${name} newlines`, 'newline-scan', [capture, String(rows)]));
    contenders.push(await ours(context, name, 'capture', [file('baseline.json'), capture, String(rows)]));
  }
  const costs = await takeTurns(contenders, REPETITIONS, context);
  const cpu = (name: string) => costs.get(name)?.cpuSeconds ?? Number.NaN;
  return FORMS.flatMap(({ name, goal }): Figure[] => {
    const megabytes = statSync(file(`${name}.jsonl`)).size / 1e6;
    const scan = cpu(`${name} newlines`) - cpu('idle');
    const note = `${rows} lines, ${Math.round(megabytes)} MB, whole process, least of ${REPETITIONS} runs in turns`;
    return [
      { what: `${name} bodies`, value: megabytes / cpu(name), unit: 'MB/s', ...(goal ? { goal } : {}), note },
      { what: `${name} bodies ÷ newline scan`, value: cpu(name) / scan, unit: '×', note: 'the scan without its start' },
      {
        what: `${name} bodies, memory`,
        value: costs.get(name)?.peakMegabytes ?? Number.NaN,
        unit: 'MB',
        goal: { atMost: 100 },
      },
    ];
  });
}

/** Writes the rows of a Parquet file as capture lines, one request a row, answered by a score. */
async function writeCapture(rows: string, path: string, form: Form, folder: string): Promise<void> {
  const duck = await openDuck({ folder });
  const output = createWriteStream(path);
  let line = 0;
  for await (const columns of duck.columns(`SELECT ${COLUMNS.join(', ')} FROM read_parquet(${quoteText(rows)})`)) {
    const lines = Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
      captureLine(
        form,
        columns.map((column) => column[row] ?? null),
        line++,
      ),
    );
    if (!output.write(lines.join(''))) await once(output, 'drain');
  }
  output.end();
  await finished(output);
  duck.close();
}

function captureLine(form: Form, values: readonly unknown[], number: number): string {
  const id = `6f1c2a34-0b5d-4e7f-8a90-${String(number).padStart(12, '0')}`;
  return `${JSON.stringify({
    captureData: {
      endpointInput: bodyOf(form, values),
      endpointOutput: {
        observedContentType: 'text/csv; charset=utf-8',
        mode: 'OUTPUT',
        data: ((number % 9973) / 9973).toFixed(9),
        encoding: 'CSV',
      },
    },
    eventMetadata: { eventId: id, inferenceId: id, inferenceTime: '2026-01-01T00:00:00Z' },
    eventVersion: '0',
  })}\n`;
}

function bodyOf(form: Form, values: readonly unknown[]) {
  const csv = values.map((value) => value ?? '').join(',');
  const row = Object.fromEntries(COLUMNS.map((name, index) => [name, values[index]]));
  switch (form) {
    case 'CSV':
      return { observedContentType: 'text/csv', mode: 'INPUT', data: csv, encoding: form };
    case 'BASE64': {
      const data = Buffer.from(csv).toString('base64');
      return { observedContentType: 'text/csv', mode: 'INPUT', data, encoding: form };
    }
    case 'JSON': {
      const data = JSON.stringify({ instances: [row] });
      return { observedContentType: 'application/json', mode: 'INPUT', data, encoding: form };
    }
    default:
      return form satisfies never;
  }
}
