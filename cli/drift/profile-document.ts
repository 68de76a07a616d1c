import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ModelwayError, parseOrThrow } from '../../contracts/problems.ts';
import type { Profile } from '../../contracts/profile.ts';
import { type ProfileDocument, ProfileDocumentSchema } from '../../contracts/profile-document.ts';
import type { Duck } from '../../core/duckdb.ts';
import { baselineOfTable } from '../../core/profile/baseline-of-table.ts';
import { mergeProfiles } from '../../core/profile/merge.ts';
import { profileRows } from '../../core/profile/profile-rows.ts';
import { profileTable } from '../../core/profile/profile-table.ts';
import { expandFiles } from '../validate/expand-files.ts';
import { areCaptureFiles, profileCaptureFiles } from './capture-files.ts';
import { rowFiles } from './row-files.ts';
import { inferredModel, storedModel, type WatchedModel } from './watched-model.ts';

/** Where files are, and how to read them. */
export interface Reading {
  readonly duck: Duck;
  readonly cwd: string;
  /** The model's own features; undefined: inferred from the files. */
  readonly model: WatchedModel | undefined;
  /** The column that tells the time of a row, when no model says so. Left out: the only column of instants. */
  readonly time?: string | undefined;
  /** Tells what was decided for the user. Left out: nobody is told. */
  readonly note?: (line: string) => void;
}

/** The baseline meant by `paths`: one stored profile (`P.json`), or the profile of all rows of the files. */
export async function baselineOf(paths: readonly string[], reading: Reading): Promise<ProfileDocument> {
  const stored = await storedProfile(paths, reading.cwd);
  if (stored !== undefined) return stored;
  const files = await rowFiles(reading.duck, await expandFiles(paths, reading.cwd), reading.cwd);
  const model = reading.model ?? (await inferredModel(files, reading.time));
  refuseMissing(model, [...files.columns.keys()], paths);
  if (model.identifiers !== undefined)
    reading.note?.(`not watched, because it only names rows: ${model.identifiers.join(', ')}`);
  const baseline = await baselineOfTable(model, files);
  if (baseline.profile.rows === 0) throw noRows(paths);
  const texts = model.data.columns.filter(({ kind }) => kind === 'text').map(({ name }) => name);
  return {
    version: 1,
    features: [...model.features],
    ...(texts.length === 0 ? {} : { texts }),
    ...(model.instants === undefined ? {} : { instants: [...model.instants] }),
    time: model.data.time ?? null,
    baseline,
  };
}

/** The window meant by `paths`, counted over the bins of `reference`. */
export async function windowOf(
  paths: readonly string[],
  reference: ProfileDocument,
  reading: Reading,
): Promise<Profile> {
  const stored = await storedProfile(paths, reading.cwd);
  const model = storedModel(reference);
  const { profile } = reference.baseline;
  if (stored !== undefined) return overSameBins(profileRows(profile, model, []), stored.baseline.profile, paths);
  const expanded = await expandFiles(paths, reading.cwd);
  if (await areCaptureFiles(expanded, reading.cwd))
    return profileCaptureFiles(expanded, reading.cwd, { baseline: profile, model: reading.model ?? model });
  const files = await rowFiles(reading.duck, expanded, reading.cwd);
  refuseMissing(model, [...files.columns.keys()], paths);
  return profileTable(profile, model, files);
}

async function storedProfile(paths: readonly string[], cwd: string): Promise<ProfileDocument | undefined> {
  const [path, ...more] = paths;
  if (path === undefined || more.length > 0 || !path.endsWith('.json')) return undefined;
  const text = await readFile(resolve(cwd, path), 'utf8').catch(() => undefined);
  if (text === undefined || !/^\s*\{\s*"version"/.test(text)) return undefined;
  return parseOrThrow(ProfileDocumentSchema, JSON.parse(text), 'invalid-profile');
}

function noRows(paths: readonly string[]): ModelwayError {
  const fix = 'name files that hold rows';
  return new ModelwayError('no-rows', 'input', [
    { path: paths.join(', '), message: 'holds no row to compare with', fix },
  ]);
}

function overSameBins(bins: Profile, window: Profile, paths: readonly string[]): Profile {
  try {
    return mergeProfiles(bins, window);
  } catch (cause) {
    if (!(cause instanceof ModelwayError)) throw cause;
    throw new ModelwayError(
      'profiles-differ',
      'input',
      [
        {
          path: paths.join(', '),
          message: 'was not profiled over the bins of the reference',
          fix: 'profile it with --reference, or give the files themselves',
        },
      ],
      { cause },
    );
  }
}

function refuseMissing(
  model: Pick<WatchedModel, 'features'>,
  columns: readonly string[],
  paths: readonly string[],
): void {
  const missing = [...new Set(model.features.map((feature) => feature.column))].filter(
    (column) => !columns.includes(column),
  );
  if (missing.length > 0)
    throw new ModelwayError('missing-column', 'input', [
      {
        path: paths.join(', '),
        message: `has no column ${missing.join(', ')}`,
        got: columns.join(', '),
        fix: 'compare files with the same columns',
      },
    ]);
}
