import { parseArgs } from 'node:util';
import { ModelwayError } from '../contracts/problems.ts';
import type { Arguments, Command } from './command.ts';

/** Parses what was typed after a command's name. @throws ModelwayError `wrong-use` with the command's usage as the fix */
export function parseArguments(command: Command, typed: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...typed], options, allowPositionals: command.files });
    return {
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)])),
      files: positionals,
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw wrongUse(command, firstSentence(error.message));
  }
}

/** A wrong use of a command: what is wrong, then how it is used. */
export function wrongUse(command: Command, message: string): ModelwayError {
  return new ModelwayError('wrong-use', 'input', [
    { path: '', message, fix: `use it as: modelway ${command.name} ${command.usage}` },
  ]);
}

/** The value of an option of type string, or undefined when it was not given. */
export function textOption(args: Arguments, name: string): string | undefined {
  const value = args.values[name];
  return typeof value === 'string' ? value : undefined;
}

/** Whether an option of type boolean was given. */
export function flag(args: Arguments, name: string): boolean {
  return args.values[name] === true;
}

/** The values of an option that may be given several times. */
export function listOption(args: Arguments, name: string): readonly string[] {
  const value = args.values[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function plain(value: unknown): string | boolean | readonly string[] | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.map(String) : undefined;
}

function firstSentence(message: string): string {
  const sentence = message.split(/\. |\n/)[0] ?? message;
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
