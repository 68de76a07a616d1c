import type { Cell } from '../normalise/cell.ts';
import { type ReadLimits, RefusedFile, type RowSink } from './row-sink.ts';

/** Reads JSON Lines: one object a line, each broken line spoiling only itself. */
export async function readJsonLines(
  chunks: AsyncIterable<string>,
  names: readonly string[],
  limits: ReadLimits,
  sink: RowSink,
): Promise<void> {
  const deliver = objectRows(names, limits, sink);
  sink.header(names);
  let rest = '';
  let skipping = false;
  for await (const chunk of chunks) {
    const text = rest === '' ? chunk : rest + chunk;
    let start = 0;
    for (let end = text.indexOf('\n', rest.length); end !== -1; end = text.indexOf('\n', start)) {
      if (!skipping) deliver(text.slice(start, end));
      skipping = false;
      start = end + 1;
    }
    rest = text.slice(start);
    if (rest.length > limits.maxRow) {
      if (!skipping) deliver(rest);
      skipping = true;
    }
    if (skipping) rest = '';
    await sink.drain();
  }
  if (!skipping) deliver(rest);
}

/** Reads one JSON array of objects, element by element. @throws RefusedFile when the array itself is broken */
export async function readJsonArray(
  chunks: AsyncIterable<string>,
  names: readonly string[],
  limits: ReadLimits,
  sink: RowSink,
): Promise<void> {
  const deliver = objectRows(names, limits, sink);
  sink.header(names);
  const elements = arrayElements(limits, sink);
  for await (const chunk of chunks) {
    elements.read(chunk, deliver);
    await sink.drain();
  }
  elements.finish();
}

/** Parses the text of one row and delivers its cells by name. */
function objectRows(names: readonly string[], limits: ReadLimits, sink: RowSink): (text: string) => void {
  const known = new Map(names.map((name, index) => [name, index]));
  const cells: (Cell | undefined)[] = [];
  return (text) => {
    if (text.trim() === '') return;
    if (text.length > limits.maxRow) {
      sink.malformed(`the row is longer than ${limits.maxRow} characters`, text.slice(0, 10_000));
      return;
    }
    const members = memberCount(text);
    if (members > limits.maxColumns) {
      sink.malformed(`the row has ${members} keys; at most ${limits.maxColumns} are read`, text.slice(0, 10_000));
      return;
    }
    const value = parsedObject(text);
    if (typeof value === 'string') {
      sink.malformed(value, text);
      return;
    }
    const entries = Object.entries(value);
    if (members !== entries.length) {
      sink.malformed('a key comes twice in the object; which of its values counts cannot be told', text);
      return;
    }
    cells.length = 0;
    for (const [name, item] of entries) {
      const index = known.get(name);
      if (index === undefined) sink.unknownColumn(name);
      else cells[index] = cellOf(item);
    }
    sink.row(cells, () => text);
  };
}

function parsedObject(text: string): object | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    return 'not a JSON object; each row must be one';
  } catch (error) {
    const hint = /\b(NaN|Infinity)\b/.test(text) ? ' (JSON has no NaN and no Infinity; write null)' : '';
    return `not JSON: ${error instanceof Error ? error.message.slice(0, 120) : String(error)}${hint}`;
  }
}

/** How many members the outermost object of a JSON text has, those of equal keys counted each: its colons outside strings. */
function memberCount(text: string): number {
  let [depth, count] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) at = endOfString(text, at + 1);
    else if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) depth--;
    else if (code === 58 && depth === 1) count++;
  }
  return count;
}

/** Where the string that began before `from` has its closing quote. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 92) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}

function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value === '' ? null : value;
  return { shown: Array.isArray(value) ? `a list of ${value.length}` : 'an object' };
}

/** Cuts the text of an array into the texts of its elements, looking only at brackets and strings. */
function arrayElements(limits: ReadLimits, sink: RowSink) {
  let [depth, inString, escaped] = [0, false, false];
  let place: 'before' | 'inside' | 'after' = 'before';
  let kept: string[] = [];
  let keptLength = 0;

  const broken = (what: string) => new RefusedFile('unreadable', `the JSON array is broken: ${what}`, sink.rows() + 1);

  const keep = (piece: string): void => {
    keptLength += piece.length;
    // One piece more than the limit is kept, so that the row is seen to be too long.
    if (keptLength - piece.length <= limits.maxRow) kept.push(piece);
  };

  const element = (deliver: (text: string) => void): void => {
    const text = kept.join('');
    kept = [];
    keptLength = 0;
    deliver(text);
  };

  const read = (chunk: string, deliver: (text: string) => void): void => {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at);
      if (inString) {
        if (escaped) escaped = false;
        else if (code === 92) escaped = true;
        else if (code === 34) inString = false;
        continue;
      }
      if (place !== 'inside') {
        if (code === 91 && place === 'before') {
          place = 'inside';
          start = at + 1;
        } else if (code > 32) throw broken(place === 'after' ? 'text follows its end' : 'it does not begin with [');
        continue;
      }
      if (code === 34) inString = true;
      else if (code === 123 || code === 91) depth++;
      else if (depth > 0 && (code === 125 || code === 93)) depth--;
      else if (depth === 0 && (code === 44 || code === 93)) {
        keep(chunk.slice(start, at));
        element(deliver);
        start = at + 1;
        if (code === 93) place = 'after';
      } else if (depth === 0 && code === 125) throw broken('a } has no {');
    }
    if (place === 'inside') keep(chunk.slice(start));
  };

  return {
    read,
    finish: (): void => {
      if (place !== 'after') throw broken('it ends before its closing bracket');
    },
  };
}
