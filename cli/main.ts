import { ModelwayError } from '../contracts/problems.ts';
import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { COMMANDS, NOT_YET } from './commands.ts';
import { helpOf, overview } from './help.ts';
import type { ExitCode, Io } from './io.ts';
import { showProblem } from './show-problem.ts';

/** Runs one command line (without the program's name) and answers its exit code; never throws. */
export async function main(typed: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const [name, ...rest] = typed;
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') return help(rest, io);
    const command = commandNamed(name);
    if (rest.includes('--help') || rest.includes('-h')) return help([name], io);
    return await command.run(parseArguments(command, rest), io);
  } catch (error) {
    showProblem(error, io);
    return 2;
  }
}

function help([name]: readonly string[], io: Io): ExitCode {
  io.out(name === undefined ? overview() : helpOf(commandNamed(name)));
  return 0;
}

function commandNamed(name: string): Command {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  if (Object.hasOwn(NOT_YET, name))
    throw new ModelwayError('not-yet', 'input', [
      { path: '', message: `this version has no command ${name} yet`, fix: `until then: ${NOT_YET[name]}` },
    ]);
  throw new ModelwayError('unknown-command', 'input', [
    {
      path: '',
      message: 'there is no such command',
      got: name,
      fix: `use one of: ${COMMANDS.map((candidate) => candidate.name).join(', ')}`,
    },
  ]);
}
