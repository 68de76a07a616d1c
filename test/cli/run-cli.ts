import { main } from '../../cli/main.ts';

/** What one command line did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process, in the folder `cwd`. */
export async function runCli(typed: readonly string[], cwd: string): Promise<Ran> {
  const said = { out: '', err: '' };
  const code = await main(typed, {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    cwd,
  });
  return { code, ...said };
}
