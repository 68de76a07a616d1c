import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ModelwayError } from '../../contracts/problems.ts';
import { PREDICTION, type Profile } from '../../contracts/profile.ts';
import type { ProfileDocument } from '../../contracts/profile-document.ts';
import { compareProfiles } from '../../core/drift/compare-profiles.ts';
import { carriedModel } from '../../core/monitoring/carried-model.ts';
import { baselineOfFeatures, profileOfFeatures } from '../../core/monitoring/profile-of-features.ts';
import { watchedFeatures } from '../../core/profile/watched.ts';
import { flag, listOption, textOption } from '../arguments.ts';
import { chosenModel } from '../chosen-model.ts';
import type { Arguments } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { expandFiles } from '../validate/expand-files.ts';
import { withDuck } from '../with-duck.ts';
import { areCaptureFiles } from './capture-files.ts';
import { type ChosenSettings, chosenSettings } from './chosen-settings.ts';
import { driftPage } from './drift-page.ts';
import { driftText } from './drift-text.ts';
import { type JudgedWindow, judgedWindows } from './judged-windows.ts';
import { baselineOf, type Reading, windowOf } from './profile-document.ts';
import { rowFiles } from './row-files.ts';
import { type Sliced, sliced } from './sliced.ts';

/** Same files, same report. */
const SEED = 7;

/** What was read of both sides. */
interface Compared {
  readonly reference: ProfileDocument;
  readonly current: Profile;
  readonly slices: Sliced | undefined;
  readonly chosen: ChosenSettings;
}

/**
 * `modelway drift`: compares two sets of local files; 1 when they differ, or a window of them does, by more than chance and by enough
 * to matter.
 */
export async function drift(args: Arguments, io: Io): Promise<ExitCode> {
  const compared = await read(args, io);
  const { reference, current, slices, chosen } = compared;
  const windows = slices === undefined ? [] : judgeSlices(compared, slices);
  const report = compareProfiles(reference.baseline, current, chosen.settings, SEED, spanOf(windows));
  const page = textOption(args, 'html');
  const profiles = { reference: reference.baseline.profile, current };
  if (page !== undefined) await writeFile(resolve(io.cwd, page), driftPage(report, profiles, windows));
  const undated = slices?.undated ?? 0;
  const document = slices === undefined ? report : { ...report, windows, undated };
  io.out(flag(args, 'json') ? `${JSON.stringify(document, null, 2)}\n` : driftText(report, windows, undated));
  return [report, ...windows].some(({ verdict }) => verdict === 'drift') ? 1 : 0;
}

async function read(args: Arguments, io: Io): Promise<Compared> {
  const model = await chosenModel(args, io.cwd);
  const [referencePaths, currentPaths] = [pathsOf(args, 'reference'), pathsOf(args, 'current')];
  const time = textOption(args, 'time') ?? (textOption(args, 'window') === undefined ? undefined : model?.data.time);
  // A first look at the options, so that a mistake in them does not wait for the files.
  chosenSettings(args, time, [], model);
  return withDuck(async (duck) => {
    const reading: Reading = { duck, cwd: io.cwd, model, time, note: (line) => io.err(`${line}\n`) };
    const whole = await baselineOf(referencePaths, reading);
    const chosen = chosenSettings(args, time, whole.features, model);
    const { reference, current } = await asRequestsCarryIt(currentPaths, whole, reading);
    const slices = time === undefined ? undefined : await slicesOf(currentPaths, time, { reading, reference, chosen });
    return { reference, current, slices, chosen };
  });
}

/** Both sides; where requests of a model were captured, without the columns that no feature reads: nobody owes them. */
async function asRequestsCarryIt(
  paths: readonly string[],
  reference: ProfileDocument,
  reading: Reading,
): Promise<Pick<Compared, 'reference' | 'current'>> {
  const current = await windowOf(paths, reference, reading);
  const { model, cwd } = reading;
  if (model === undefined || !(await areCaptureFiles(await expandFiles(paths, cwd), cwd)))
    return { reference, current };
  const carried = new Set([...watchedFeatures(carriedModel(model)).map(({ name }) => name), PREDICTION]);
  const baseline = baselineOfFeatures(reference.baseline, carried);
  return { reference: { ...reference, baseline }, current: profileOfFeatures(current, carried) };
}

async function slicesOf(
  paths: readonly string[],
  time: string,
  {
    reading,
    reference,
    chosen,
  }: { readonly reading: Reading; readonly reference: ProfileDocument; readonly chosen: ChosenSettings },
): Promise<Sliced> {
  const files = await rowFiles(reading.duck, await expandFiles(paths, reading.cwd), reading.cwd);
  return sliced(files, time, chosen.every, reference);
}

function judgeSlices({ reference, chosen }: Compared, { windows }: Sliced): readonly JudgedWindow[] {
  return judgedWindows(reference.baseline, windows, chosen.settings, { seed: SEED, pool: chosen.pool });
}

/** Hours that all windows together span. */
function spanOf(windows: readonly JudgedWindow[]): { readonly spannedHours?: number } {
  if (windows.length === 0) return {};
  const hours = windows.reduce((sum, { window }) => sum + (Date.parse(window.to) - Date.parse(window.from)), 0);
  return { spannedHours: hours / 3_600_000 };
}

function pathsOf(args: Arguments, option: 'reference' | 'current'): readonly string[] {
  const paths = listOption(args, option);
  if (paths.length > 0) return paths;
  throw new ModelwayError('wrong-use', 'input', [
    { path: `--${option}`, message: 'is missing', fix: `name files, folders or a profile: --${option} FILE` },
  ]);
}
