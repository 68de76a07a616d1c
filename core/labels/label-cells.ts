import { LabelSchema } from '../../contracts/labels.ts';
import { ModelwayError, shownValue } from '../../contracts/problems.ts';
import { detectDelimiter } from '../intake/read/csv-delimiter.ts';
import { type CsvRules, emptyRecord, readRecord } from '../intake/read/csv-records.ts';
import { LONGEST_LINE_BYTES } from './label-text.ts';

const NAMES: readonly string[] = Object.keys(LabelSchema.shape);
const REQUIRED = ['inferenceId', 'label'] as const;
const MOST_CELLS = 20;

/** How the lines below a header become the objects that JSON Lines would hold; a text instead says what is wrong with a line. */
export type CellReader = (line: string) => Readonly<Record<string, unknown>> | string;

/** Reads the header of a label file in CSV. @throws ModelwayError `unreadable-labels` that names what is missing, unknown or twice */
export function cellReader(header: string): CellReader {
  const limits = { mostCells: MOST_CELLS, maxCell: LONGEST_LINE_BYTES };
  const rules = { ...limits, delimiter: detectDelimiter(header, new Set(NAMES), limits) };
  const columns = cellsOf(header, rules);
  const names = typeof columns === 'string' ? [] : columns.map((name) => name?.trim() ?? '');
  checkHeader(header, names);
  return (line) => {
    const cells = cellsOf(line, rules);
    if (typeof cells === 'string') return cells;
    if (cells.length !== names.length) return `has ${cells.length} cells, the header ${names.length}`;
    return Object.fromEntries(
      names.flatMap((name, index) => (cells[index] == null ? [] : [[name, cellValue(name, cells[index])]])),
    );
  };
}

function cellsOf(line: string, rules: CsvRules): readonly (string | null)[] | string {
  const record = emptyRecord();
  readRecord(line, 0, true, rules, record);
  return record.problem === undefined ? [...record.cells] : `has a cell that cannot be read (${record.problem})`;
}

function checkHeader(header: string, names: readonly string[]): void {
  const problems = [
    ...REQUIRED.filter((name) => !names.includes(name)).map((name) => `has no column ${name}`),
    ...names.filter((name) => !NAMES.includes(name)).map((name) => `has an unknown column ${shownValue(name)}`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `names ${name} twice`),
  ];
  if (problems.length > 0)
    throw new ModelwayError(
      'unreadable-labels',
      'input',
      problems.map((problem) => ({
        path: 'line 1',
        message: `the header ${problem}`,
        got: shownValue(header),
        fix: `send JSON Lines, or CSV with a header of these names: ${NAMES.join(', ')}`,
      })),
    );
}

const TRUTHS: Readonly<Record<string, number>> = { '0': 0, '1': 1, false: 0, true: 1, '0.0': 0, '1.0': 1 };

/** A text stays text where it is no number, so that the schema can say what it found. */
function cellValue(name: string, cell: string): string | number {
  const text = cell.trim();
  if (name === 'label') return Object.hasOwn(TRUTHS, text.toLowerCase()) ? (TRUTHS[text.toLowerCase()] ?? text) : text;
  if (name !== 'row' && name !== 'value') return text;
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : text;
}
