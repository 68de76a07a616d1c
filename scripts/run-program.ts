import { spawn } from 'node:child_process';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** How one program ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

/** Runs a program in the checkout with its own tools first on the PATH; `live` passes the output on as it comes. */
export function runProgram(command: string, args: readonly string[], live: boolean): Promise<Ended> {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...colours(), PATH: ownPath() },
    stdio: live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const seconds = () => (performance.now() - started) / 1000;
  return new Promise((done) => {
    child.once('error', (error) => {
      done({ code: 127, output: `${command} could not be started: ${error.message}`, seconds: seconds() });
    });
    child.once('close', (code) => {
      done({ code: code ?? 1, output, seconds: seconds() });
    });
  });
}

/** Runs jobs side by side, at most `width` at a time; answers in their order. */
export async function sideBySide<T, R>(
  jobs: readonly T[],
  width: number,
  run: (job: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = [...jobs.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, job] = next;
      results[index] = await run(job);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

function ownPath(): string {
  return [join(ROOT, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
}

/** No colour codes in a log file. */
function colours(): Readonly<Record<string, string>> {
  return process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: '0' };
}
