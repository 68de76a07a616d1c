import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ModelwayError } from '../../contracts/problems.ts';
import type { ProfileDocument } from '../../contracts/profile-document.ts';
import { listOption, textOption } from '../arguments.ts';
import { chosenModel } from '../chosen-model.ts';
import type { Arguments } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { withDuck } from '../with-duck.ts';
import { baselineOf, windowOf } from './profile-document.ts';

/** `modelway profile`: counts local files into a small JSON document that `drift` takes in their place. */
export async function profile(args: Arguments, io: Io): Promise<ExitCode> {
  const output = textOption(args, 'output');
  if (output === undefined || args.files.length === 0)
    throw new ModelwayError('wrong-use', 'input', [
      {
        path: '',
        message: output === undefined ? 'there is no file to write to' : 'there is no file to profile',
        fix: 'use it as: modelway profile FILES… -o P.json',
      },
    ]);
  const document = await profiled(args, io);
  await writeFile(resolve(io.cwd, output), `${JSON.stringify(document)}\n`);
  io.err(
    `${document.baseline.profile.rows} rows, ${Object.keys(document.baseline.profile.features).length} features → ${output}\n`,
  );
  return 0;
}

async function profiled(args: Arguments, io: Io): Promise<ProfileDocument> {
  const model = await chosenModel(args, io.cwd);
  const references = listOption(args, 'reference');
  return withDuck(async (duck) => {
    const reading = { duck, cwd: io.cwd, model, note: (line: string) => io.err(`${line}\n`) };
    if (references.length === 0) return baselineOf(args.files, reading);
    const reference = await baselineOf(references, reading);
    const window = await windowOf(args.files, reference, reading);
    return { ...reference, baseline: { profile: window, days: [], importance: {} } };
  });
}
