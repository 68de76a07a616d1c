import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type DataSchema, DataSchemaSchema } from '../../contracts/data-schema.ts';
import { ModelwayError, parseOrThrow } from '../../contracts/problems.ts';
import { textOption } from '../arguments.ts';
import { chosenModel } from '../chosen-model.ts';
import type { Arguments } from '../command.ts';

/** Share of bad rows a bare schema allows; what a model's config allows when it says nothing. */
const DEFAULT_QUARANTINED_SHARE = 0.01;

/** What files are checked against. */
export interface ChosenSchema {
  readonly schema: DataSchema;
  readonly maxQuarantinedShare: number;
}

/** The schema of `--model M`, or of the file `--schema S.json`. @throws ModelwayError when neither or both are given */
export async function chosenSchema(args: Arguments, cwd: string): Promise<ChosenSchema> {
  const [name, file] = [textOption(args, 'model'), textOption(args, 'schema')];
  const model = file === undefined ? await chosenModel(args, cwd) : undefined;
  if (model !== undefined) return { schema: model.data, maxQuarantinedShare: model.maxQuarantinedShare };
  if (file !== undefined && name === undefined)
    return { schema: await readSchema(resolve(cwd, file)), maxQuarantinedShare: DEFAULT_QUARANTINED_SHARE };
  throw new ModelwayError('wrong-use', 'input', [
    {
      path: '',
      message: `validate needs a schema to check against${name === undefined ? '' : ', not two'}`,
      fix: 'give either --model M (a model of the config) or --schema S.json',
    },
  ]);
}

async function readSchema(path: string): Promise<DataSchema> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ModelwayError(
      'unreadable-schema',
      'input',
      [{ path: '--schema', message: `could not be read: ${message}`, fix: 'name a JSON file with a data schema' }],
      { cause },
    );
  }
  return parseOrThrow(DataSchemaSchema, parsed, 'invalid-schema');
}
