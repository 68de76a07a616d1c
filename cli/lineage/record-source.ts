import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EvidenceFile, EvidenceFileSchema } from '../../contracts/lineage.ts';
import { ModelwayError, parseOrThrow } from '../../contracts/problems.ts';
import { flag, textOption } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import { loadPlatform, modelNamed } from '../load-platform.ts';

const REHEARSALS = resolve(import.meta.dirname, '..', '..', '.rehearsal');
export const EVIDENCE_FILE = 'evidence.json';

/** Where the records come from: the last rehearsal (`--rehearsal`), a file of records (`--records F`), or AWS. */
export async function recordsOf(args: Arguments, cwd: string): Promise<EvidenceFile> {
  const file = textOption(args, 'records');
  if (file !== undefined) return readEvidence(resolve(cwd, file));
  if (flag(args, 'rehearsal')) return readEvidence(newestRehearsal(textOption(args, 'model')));
  const platform = await loadPlatform(textOption(args, 'config'), cwd);
  const name = textOption(args, 'model') ?? onlyModel(platform.models.map((model) => model.name));
  const { readFromAws } = await import('./aws-records.ts');
  return readFromAws(platform.name, modelNamed(platform, name).name);
}

function readEvidence(path: string): EvidenceFile {
  try {
    return parseOrThrow(EvidenceFileSchema, JSON.parse(readFileSync(path, 'utf8')), 'unreadable-records');
  } catch (cause) {
    if (cause instanceof ModelwayError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ModelwayError(
      'unreadable-records',
      'input',
      [{ path, message: `cannot be read: ${message}`, fix: `name the ${EVIDENCE_FILE} that a rehearsal left` }],
      { cause },
    );
  }
}

/** Folders are named by model, date and time, so that the newest of a model sorts last. */
function newestRehearsal(model: string | undefined): string {
  const folders = existsSync(REHEARSALS) ? readdirSync(REHEARSALS) : [];
  const time = (folder: string) => /(\d{8}-\d{6})-\d+$/.exec(folder)?.[1] ?? '';
  const found = folders
    .filter((folder) => model === undefined || folder.startsWith(`${model}-2`))
    .filter((folder) => existsSync(join(REHEARSALS, folder, EVIDENCE_FILE)))
    .sort((a, b) => time(a).localeCompare(time(b)))
    .at(-1);
  if (found !== undefined) return join(REHEARSALS, found, EVIDENCE_FILE);
  throw new ModelwayError('no-rehearsal', 'input', [
    {
      path: '--rehearsal',
      message: `no rehearsal${model === undefined ? '' : ` of ${model}`} has left its records here`,
      fix: 'play one with modelway rehearse, or name a file with --records F',
    },
  ]);
}

function onlyModel(names: readonly string[]): string {
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  throw new ModelwayError('wrong-use', 'input', [
    { path: '--model', message: 'the config has several models', fix: `name one with --model: ${names.join(', ')}` },
  ]);
}
