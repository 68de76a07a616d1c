import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ModelwayError } from '../../contracts/problems.ts';
import { textOption } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { configSnippet } from './config-snippet.ts';
import { importedBaseline } from './imported-baseline.ts';
import { monitorFiles } from './monitor-files.ts';

/** Where the profile goes when nothing is said. */
const PROFILE = 'model-monitor.json';

/**
 * `modelway import model-monitor DIR`: makes a profile that `drift --reference` takes, and a piece of config, out of the files of a
 * Model Monitor baseline.
 */
export async function importModelMonitor(args: Arguments, io: Io): Promise<ExitCode> {
  const [what, folder, ...more] = args.files;
  if (what !== 'model-monitor' || folder === undefined || more.length > 0)
    throw new ModelwayError('wrong-use', 'input', [
      {
        path: '',
        message: what === 'model-monitor' ? 'one folder must be named' : 'only model-monitor can be imported',
        got: args.files.join(' '),
        fix: 'use it as: modelway import model-monitor DIR [-o P.json] [--config F]',
      },
    ]);
  const files = await monitorFiles(resolve(io.cwd, folder));
  const { document, left } = importedBaseline(files.statistics);
  for (const { column, reason } of left) io.err(`left out of the profile: ${column}, ${reason}\n`);
  const output = textOption(args, 'output') ?? PROFILE;
  await writeFile(resolve(io.cwd, output), `${JSON.stringify(document)}\n`);
  io.err(
    `${document.baseline.profile.rows} rows, ${document.features.length} features → ${output}; compare with: modelway drift --reference ${output} --current FILES\n`,
  );
  const config = textOption(args, 'config');
  if (config === undefined) io.out(configSnippet(files));
  else await writeFile(resolve(io.cwd, config), configSnippet(files));
  return 0;
}
