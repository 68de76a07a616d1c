import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Column, DataSchema } from '../../contracts/data-schema.ts';
import type { FileReport } from '../../contracts/findings.ts';
import type { Duck } from '../../core/duckdb.ts';
import { type InferredFile, type InferredSchema, inferSchema } from '../../core/intake/infer/infer-schema.ts';
import { validateFile } from '../../core/intake/validate-file.ts';
import { flag } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import { inertJson, inertText } from '../inert-text.ts';
import type { ExitCode, Io } from '../io.ts';
import { expandFiles } from '../validate/expand-files.ts';
import { withDuck } from '../with-duck.ts';
import { snippet } from './snippet.ts';

/** `modelway infer`: proposes a schema that the files keep, checked against them; 1 when some of their rows can keep none. */
export async function infer(args: Arguments, io: Io): Promise<ExitCode> {
  const names = await expandFiles(args.files, io.cwd);
  const files = await Promise.all(
    names.map(async (name): Promise<InferredFile> => {
      const path = resolve(io.cwd, name);
      return { name, path, bytes: (await stat(path)).size };
    }),
  );
  return withDuck(async (duck, folder) => {
    const proposed = await inferSchema(files, duck);
    const reports = await check(files, proposed.schema, duck, folder);
    const kept = { ...proposed, schema: withoutBroken(proposed.schema, reports) };
    io.out(flag(args, 'json') ? `${inertJson(kept.schema)}\n` : snippet(kept, names));
    return told(reports, kept, io);
  });
}

async function check(
  files: readonly InferredFile[],
  schema: DataSchema,
  duck: Duck,
  folder: string,
): Promise<readonly FileReport[]> {
  const reports: FileReport[] = [];
  for (const { path, name } of files) {
    const own = await mkdtemp(join(folder, 'file-'));
    reports.push((await validateFile({ schema, maxQuarantinedShare: 1, path, name, folder: own, duck })).report);
    await rm(own, { recursive: true });
  }
  return reports;
}

/** The schema without the bounds that some row breaks after all, as a hash of equal values may make a column look unique. */
function withoutBroken(schema: DataSchema, reports: readonly FileReport[]): DataSchema {
  const broken = new Set(reports.flatMap(({ findings }) => findings.map(({ rule, column }) => `${rule} ${column}`)));
  const columns = schema.columns.map((column): Column => {
    const { unique, pattern, ...rest } = column;
    return {
      ...rest,
      ...(pattern === undefined || broken.has(`pattern ${column.name}`) ? {} : { pattern }),
      ...(unique === undefined || broken.has(`unique ${column.name}`) ? {} : { unique }),
    };
  });
  return { ...schema, columns };
}

const RELAXED: ReadonlySet<string> = new Set(['unique', 'pattern']);

/** Tells what no schema can mend. */
function told(reports: readonly FileReport[], { leftOut }: InferredSchema, io: Io): ExitCode {
  const wrong = reports.flatMap(({ file, findings }) =>
    findings
      .filter(({ severity, rule }) => severity !== 'warn' && !RELAXED.has(rule))
      .map((finding) => ({ file, ...finding })),
  );
  for (const { file, row, column, message } of wrong.slice(0, 20))
    io.err(
      `${inertText([file, row === null ? '' : `row ${row}`, column ?? ''].filter(Boolean).join(', '))}: ${inertText(message)}\n`,
    );
  if (leftOut.length > 0)
    io.err(`dropped, as no column takes lists, objects or bytes: ${inertText(leftOut.join(', '))}\n`);
  return wrong.length === 0 ? 0 : 1;
}
