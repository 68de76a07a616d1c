import type { ModelConfig } from '../contracts/model-config.ts';
import { textOption } from './arguments.ts';
import type { Arguments } from './command.ts';
import { loadPlatform, modelNamed } from './load-platform.ts';

/** The model that `--model` names, or undefined when it is left out. */
export async function chosenModel(args: Arguments, cwd: string): Promise<ModelConfig | undefined> {
  const name = textOption(args, 'model');
  return name === undefined ? undefined : modelNamed(await loadPlatform(textOption(args, 'config'), cwd), name);
}
