import type { ExitCode, Io } from './io.ts';

/** One option of a command, in the words of `node:util` parseArgs. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** What it does, for help. */
  readonly description: string;
  /** Name of its value in help, such as `FILE`; for options of type string. */
  readonly value?: string;
}

/** What a user typed, parsed by the command's options. */
export interface Arguments {
  readonly files: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** One command: what help says of it, and what it does. */
export interface Command {
  readonly name: string;
  /** What follows the name in help, such as `--model M FILES…`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Whether it takes file names. */
  readonly files: boolean;
  readonly run: (args: Arguments, io: Io) => Promise<ExitCode>;
}
