import { type Label, LabelSchema } from '../../contracts/labels.ts';
import { describeProblem, problemsOf } from '../../contracts/problems.ts';
import { type CellReader, cellReader } from './label-cells.ts';
import { labelLines } from './label-text.ts';

/** Bad lines kept with their reason; the rest is only counted. */
const KEPT_BAD_LINES = 20;

/** What became of a label file. */
export interface LabelReading {
  readonly format: 'json-lines' | 'csv' | 'empty';
  readonly labels: number;
  readonly bad: number;
  /** The first twenty bad lines: where (from 1), why, and how they begin. */
  readonly badLines: readonly { readonly line: number; readonly reason: string; readonly text: string }[];
}

/**
 * Reads labels as JSON Lines or CSV with a header, gzipped or not, in the order of the file; `take` gets each good one. A bad line is
 * counted and kept aside, never fatal. Memory is bounded whatever the file.
 * @param wanted says of an inference id whether its labels are wanted; lines of others are passed over where the id stands first, which
 * it does in labels as they are stored. Left out: all are
 * @throws ModelwayError `unreadable-labels` when the CSV header or the compression is wrong; labels taken until then should be let go
 */
export async function readLabels(
  chunks: AsyncIterable<Uint8Array>,
  take: (label: Label, line: number) => void,
  wanted?: (inferenceId: string) => boolean,
): Promise<LabelReading> {
  const badLines: { line: number; reason: string; text: string }[] = [];
  let [labels, bad] = [0, 0];
  let read: CellReader | undefined;
  let format: LabelReading['format'] = 'empty';
  const refuse = (line: number, reason: string, text: string) => {
    bad += 1;
    if (badLines.length < KEPT_BAD_LINES) badLines.push({ line, reason, text: text.slice(0, 200) });
  };
  for await (const found of labelLines(chunks)) {
    if ('problem' in found) {
      refuse(found.line, found.problem, found.start);
      continue;
    }
    if (format === 'empty') {
      format = found.text.startsWith('{') ? 'json-lines' : 'csv';
      read = format === 'csv' ? cellReader(found.text) : jsonObject;
      if (format === 'csv') continue;
    }
    if (wanted !== undefined && !wanted(firstId(found.text) ?? idOf(read?.(found.text)))) continue;
    const label = labelOf(read?.(found.text) ?? '');
    if (typeof label === 'string') refuse(found.line, label, found.text);
    else {
      labels += 1;
      take(label, found.line);
    }
  }
  return { format, labels, bad, badLines };
}

const ID_FIRST = '{"inferenceId":"';

/** The id of a label whose line begins with it, unescaped; undefined for every other line. */
function firstId(line: string): string | undefined {
  if (!line.startsWith(ID_FIRST)) return undefined;
  const id = line.slice(ID_FIRST.length, line.indexOf('"', ID_FIRST.length));
  return id.includes('\\') ? undefined : id;
}

const idOf = (object: ReturnType<CellReader> | undefined): string =>
  typeof object === 'object' ? String(object.inferenceId) : '';

function jsonObject(line: string): Readonly<Record<string, unknown>> | string {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no JSON object';
    // zod does not see a key of this name, and nothing good is called so.
    return Object.hasOwn(value, '__proto__') ? 'has a key __proto__' : { ...value };
  } catch {
    return 'is not JSON';
  }
}

function labelOf(object: Readonly<Record<string, unknown>> | string): Label | string {
  if (typeof object === 'string') return object;
  const parsed = LabelSchema.safeParse(object);
  return parsed.success ? parsed.data : problemsOf(parsed.error, object).map(describeProblem).join('; ');
}
