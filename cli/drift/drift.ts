import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { monitoringWithDefaults } from '../../contracts/monitoring-config.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { compareProfiles } from '../../core/drift/compare-profiles.ts';
import { type DriftSettings, driftSettings } from '../../core/drift/settings.ts';
import { flag, listOption, textOption } from '../arguments.ts';
import { chosenModel } from '../chosen-model.ts';
import type { Arguments } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { withDuck } from '../with-duck.ts';
import { driftPage } from './drift-page.ts';
import { driftText } from './drift-text.ts';
import { baselineOf, windowOf } from './profile-document.ts';

/** What a config that says nothing of monitoring asks for. */
const DEFAULT_MONITORING = monitoringWithDefaults(undefined, []);
/** Same files, same report. */
const SEED = 7;

/** `modelway drift`: compares two sets of local files; 1 when they differ by more than chance and by enough to matter. */
export async function drift(args: Arguments, io: Io): Promise<ExitCode> {
  const model = await chosenModel(args, io.cwd);
  const [referencePaths, currentPaths] = [pathsOf(args, 'reference'), pathsOf(args, 'current')];
  const { reference, current } = await withDuck(async (duck) => {
    const reading = { duck, cwd: io.cwd, model };
    const document = await baselineOf(referencePaths, reading);
    return { reference: document, current: await windowOf(currentPaths, document, reading) };
  });
  const report = compareProfiles(reference.baseline, current, settingsOf(reference.features, model), SEED);
  const page = textOption(args, 'html');
  if (page !== undefined)
    await writeFile(resolve(io.cwd, page), driftPage(report, reference.baseline.profile, current));
  io.out(flag(args, 'json') ? `${JSON.stringify(report, null, 2)}\n` : driftText(report));
  return report.verdict === 'drift' ? 1 : 0;
}

function pathsOf(args: Arguments, option: 'reference' | 'current'): readonly string[] {
  const paths = listOption(args, option);
  if (paths.length > 0) return paths;
  throw new ModelwayError('wrong-use', 'input', [
    { path: `--${option}`, message: 'is missing', fix: `name files, folders or a profile: --${option} FILE` },
  ]);
}

function settingsOf(features: ModelConfig['features'], model: ModelConfig | undefined): DriftSettings {
  return driftSettings({ features, monitoring: model?.monitoring ?? DEFAULT_MONITORING });
}
