import { ColumnNameSchema, type DataSchema } from '../../../contracts/data-schema.ts';
import { ModelwayError, type Problem } from '../../../contracts/problems.ts';
import type { Duck } from '../../duckdb.ts';
import { readFile } from '../read/read-file.ts';
import { DEFAULT_LIMITS, RefusedFile, type RowSink } from '../read/row-sink.ts';
import { collectEvidence, type EvidenceCollector } from './column-evidence.ts';
import { proposeColumn } from './propose-column.ts';

/** A local file to infer from. */
export interface InferredFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}

/** A proposal, to be read and corrected by somebody who knows the data. */
export interface InferredSchema {
  readonly schema: DataSchema;
  readonly rows: number;
  /** Rows that are no rows, and are not counted for anything. */
  readonly malformed: number;
  /** What was observed of each column, by its name. */
  readonly notes: ReadonlyMap<string, string>;
  /** Columns that hold lists, objects or bytes; the schema drops them. */
  readonly leftOut: readonly string[];
}

const MOST_COLUMNS = 2000;

/** Proposes a schema that every row of the files keeps. @throws ModelwayError naming each file that cannot be read, and each name no column may have */
export async function inferSchema(files: readonly InferredFile[], duck: Duck): Promise<InferredSchema> {
  const names = await columnNames(files, duck);
  refuseNames(names, files);
  const collectors = names.map(() => collectEvidence());
  const counts = { rows: 0, malformed: 0 };
  for (const file of files) await orRefuse(file, () => collect(file, names, collectors, counts, duck));
  if (counts.rows === 0)
    throw new ModelwayError('cannot-infer', 'input', [
      {
        path: files.map(({ name }) => name).join(', '),
        message: 'there are no rows to infer from',
        fix: 'name a file with data',
      },
    ]);
  const proposals = names.map((name, index) => ({
    name,
    proposed: proposeColumn(name, collectors[index]?.evidence() ?? collectEvidence().evidence()),
  }));
  const leftOut = proposals.filter(({ proposed }) => proposed === undefined).map(({ name }) => name);
  const columns = proposals.flatMap(({ proposed }) => (proposed === undefined ? [] : [proposed]));
  return {
    schema: {
      columns: columns.map(({ column }) => column),
      ...(leftOut.length === 0 ? {} : { unknownColumns: 'drop' }),
    },
    ...counts,
    notes: new Map(columns.map(({ column, note }) => [column.name, note])),
    leftOut,
  };
}

async function collect(
  file: InferredFile,
  names: readonly string[],
  collectors: readonly EvidenceCollector[],
  counts: { rows: number; malformed: number },
  duck: Duck,
): Promise<void> {
  let places = names.map((_, index) => index);
  await readFile(
    { ...file, names, limits: DEFAULT_LIMITS, duck },
    {
      ...IDLE,
      rows: () => counts.rows + counts.malformed,
      header: (found) => {
        places = names.map((name) => found.indexOf(name));
      },
      malformed: () => {
        counts.malformed++;
      },
      row: (cells) => {
        counts.rows++;
        for (const [index, collector] of collectors.entries()) collector.add(cells[places[index] ?? -1]);
      },
    },
  );
}

const IDLE: RowSink = {
  header: () => {},
  row: () => {},
  malformed: () => {},
  unknownColumn: () => {},
  rows: () => 0,
  drain: async () => {},
};

/** Ends the reading of a file whose names are known. */
class NamesKnown extends Error {}

/** Names of the columns of all files, in the order they are met. */
async function columnNames(files: readonly InferredFile[], duck: Duck): Promise<readonly string[]> {
  const names: string[] = [];
  const known = new Set<string>();
  const add = (name: string): void => {
    if (known.has(name) || known.size > DEFAULT_LIMITS.maxColumns) return;
    known.add(name);
    names.push(name);
  };
  for (const file of files) {
    const header = (found: readonly string[]): void => {
      if (found.length === 0) return;
      for (const [index, name] of found.entries())
        if (found.indexOf(name) !== index)
          throw refused(
            file.name,
            name === '' ? 'two columns have no name' : `the column ${name} is named twice`,
            'rename or remove one',
          );
      found.forEach(add);
      throw new NamesKnown();
    };
    await orRefuse(file, async () => {
      try {
        await readFile({ ...file, names: [], limits: DEFAULT_LIMITS, duck }, { ...IDLE, header, unknownColumn: add });
      } catch (error) {
        if (!(error instanceof NamesKnown)) throw error;
      }
    });
  }
  return names;
}

function refuseNames(names: readonly string[], files: readonly InferredFile[]): void {
  const path = files.map(({ name }) => name).join(', ');
  const problems = names.flatMap((name): Problem[] => {
    const parsed = ColumnNameSchema.safeParse(name);
    return parsed.success
      ? []
      : [
          {
            path,
            message: `a column cannot have this name: ${parsed.error.issues[0]?.message ?? ''}`,
            got: JSON.stringify(name.slice(0, 200)),
            fix: 'rename or remove the column',
          },
        ];
  });
  if (names.length === 0)
    problems.push({ path, message: 'there are no columns to infer from', fix: 'name a file with data' });
  if (names.length > MOST_COLUMNS)
    problems.push({
      path,
      message: `there are ${names.length} columns; a schema has at most ${MOST_COLUMNS}`,
      fix: 'split the data',
    });
  if (problems.length > 0) throw new ModelwayError('cannot-infer', 'input', problems.slice(0, 100));
}

async function orRefuse<T>(file: InferredFile, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RefusedFile)
      throw refused(file.name, error.message, 'see modelway validate for what it takes');
    throw error;
  }
}

function refused(path: string, message: string, fix: string): ModelwayError {
  return new ModelwayError('cannot-infer', 'input', [{ path, message, fix }]);
}
