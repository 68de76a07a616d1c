import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ModelConfig, type PlatformConfig, parsePlatform } from '../contracts/model-config.ts';
import { ModelwayError, type Problem } from '../contracts/problems.ts';
import { platformProblems } from '../core/config/platform-problems.ts';

/** Name of the config file, looked for in the folder the command runs in and then in the checkout. */
const CONFIG_FILE = 'modelway.config.ts';
const CHECKOUT = resolve(import.meta.dirname, '..');

/**
 * Reads and checks the platform's config.
 * @param chosen the file given with `--config`, if any
 * @throws ModelwayError that names every problem of the config at once, missing training scripts among them
 */
export async function loadPlatform(chosen: string | undefined, cwd: string): Promise<PlatformConfig> {
  const file = configFile(chosen, cwd);
  const platform = parsePlatform(await defaultExport(file));
  const problems = [
    ...platformProblems(platform),
    ...platform.models.flatMap((model, index) => missingScripts(model, index, dirname(file))),
  ];
  if (problems.length > 0) throw new ModelwayError('invalid-config', 'input', problems);
  return platform;
}

/** The model of that name. @throws ModelwayError that lists the models there are */
export function modelNamed(platform: PlatformConfig, name: string): ModelConfig {
  const model = platform.models.find((candidate) => candidate.name === name);
  if (model !== undefined) return model;
  const known = platform.models.map((candidate) => candidate.name).join(', ');
  throw new ModelwayError('unknown-model', 'input', [
    { path: '--model', message: 'no model of the config has this name', got: name, fix: `use one of: ${known}` },
  ]);
}

function configFile(chosen: string | undefined, cwd: string): string {
  const places = chosen === undefined ? [join(cwd, CONFIG_FILE), join(CHECKOUT, CONFIG_FILE)] : [resolve(cwd, chosen)];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new ModelwayError('no-config', 'input', [
    {
      path: chosen === undefined ? CONFIG_FILE : '--config',
      message: `there is no such file (looked for ${places.join(', ')})`,
      fix: 'make one with a default export of definePlatform({ models: [...] }), or name it with --config FILE',
    },
  ]);
}

async function defaultExport(file: string): Promise<unknown> {
  let loaded: unknown;
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ModelwayError(
      'unreadable-config',
      'input',
      [{ path: file, message: `could not be loaded: ${message}`, fix: 'mend the file and run this again' }],
      { cause },
    );
  }
  if (typeof loaded === 'object' && loaded !== null && 'default' in loaded) return loaded.default;
  throw new ModelwayError('unreadable-config', 'input', [
    { path: file, message: 'has no default export', fix: 'write: export default definePlatform({ models: [...] })' },
  ]);
}

/** SageMaker starts these two by name, so a missing one fails only after minutes of waiting there. */
function missingScripts(model: ModelConfig, index: number, folder: string): Problem[] {
  const source = resolve(folder, model.training.source);
  const path = `models[${index}].training`;
  if (!existsSync(source))
    return [
      {
        path: `${path}.source`,
        message: 'there is no such folder',
        got: model.training.source,
        fix: `make ${source} with ${model.training.entry} in it, or correct the path (it is relative to the config file)`,
      },
    ];
  if (existsSync(join(source, model.training.entry))) return [];
  return [
    {
      path: `${path}.entry`,
      message: `there is no such script in ${model.training.source}`,
      got: model.training.entry,
      fix: 'write it, or name the script that trains',
    },
  ];
}
