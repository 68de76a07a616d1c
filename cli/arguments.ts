import { parseArgs } from 'node:util';
import { ModelwayError } from '../contracts/problems.ts';
import type { Arguments, Command } from './command.ts';

/**
 * Parses what was typed after a command's name. Names behind an option that may be given several times are further values of it,
 * when the command takes no files of its own: `--reference a.csv b.csv`.
 * @throws ModelwayError `wrong-use` with the command's usage as the fix
 */
export function parseArguments(command: Command, typed: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type, short, multiple }]) => [
      name,
      { type, ...(short === undefined ? {} : { short }), ...(multiple === undefined ? {} : { multiple }) },
    ]),
  );
  const lists = Object.values(command.options).some(({ multiple }) => multiple === true);
  const allowPositionals = command.files || lists;
  try {
    const { values, positionals, tokens } = parseArgs({ args: [...typed], options, allowPositionals, tokens: true });
    const parsed = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
    if (command.files) return { values: parsed, files: positionals };
    return { values: { ...parsed, ...listValues(command, tokens) }, files: [] };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw wrongUse(command, firstSentence(error.message));
  }
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** The values of every option that may be given several times, the names behind it included. */
function listValues(command: Command, tokens: readonly Token[]): Readonly<Record<string, readonly string[]>> {
  const lists: Record<string, string[]> = {};
  let open: string | undefined;
  for (const token of tokens)
    if (token.kind === 'option') {
      open = command.options[token.name]?.multiple === true ? token.name : undefined;
      if (open !== undefined && token.value !== undefined) lists[open] = [...(lists[open] ?? []), token.value];
    } else if (token.kind === 'positional') {
      if (open === undefined) throw wrongUse(command, `unexpected argument '${token.value}'`);
      lists[open] = [...(lists[open] ?? []), token.value];
    }
  return lists;
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
