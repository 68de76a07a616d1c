import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ModelwayError } from '../../contracts/problems.ts';
import type { Scenario } from '../../contracts/scenario.ts';

/**
 * Loads `examples/<model>/scenario.ts`: the real data and the story of one model.
 * @throws ModelwayError `no-scenario` when the model has none
 */
export async function loadScenario(root: string, model: string): Promise<Scenario> {
  const file = path.join(root, 'examples', model, 'scenario.ts');
  if (!existsSync(file))
    throw new ModelwayError('no-scenario', 'input', [
      {
        path: '--model',
        message: `there is no examples/${model}/scenario.ts`,
        got: model,
        fix: 'name a model that has a scenario, such as flight-delay',
      },
    ]);
  const loaded: unknown = await import(pathToFileURL(file).href);
  if (hasScenario(loaded)) return loaded.scenario;
  throw new ModelwayError('no-scenario', 'input', [{ path: file, message: 'must export `scenario`' }]);
}

function hasScenario(loaded: unknown): loaded is { scenario: Scenario } {
  if (typeof loaded !== 'object' || loaded === null) return false;
  const scenario: unknown = Reflect.get(loaded, 'scenario');
  return typeof scenario === 'object' && scenario !== null && 'play' in scenario;
}
