import { planPlatform } from '../../core/cost/plan-platform.ts';
import { flag, textOption } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { loadPlatform } from '../load-platform.ts';
import { planText } from './plan-text.ts';

/** `modelway plan`: what the config makes and costs, before anything is deployed. */
export async function plan(args: Arguments, io: Io): Promise<ExitCode> {
  const document = planPlatform(await loadPlatform(textOption(args, 'config'), io.cwd));
  io.out(flag(args, 'json') ? `${JSON.stringify(document, null, 2)}\n` : planText(document));
  return 0;
}
