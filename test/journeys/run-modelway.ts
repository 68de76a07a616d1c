import { spawn } from 'node:child_process';
import path from 'node:path';

/** The checkout under test. */
export const CHECKOUT = path.resolve(import.meta.dirname, '../..');

/** How a command of `modelway` ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command of `modelway` that runs in a process of its own, as a user starts it. */
export interface Running {
  readonly ended: Promise<Ended>;
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when standard error has shown `text`. */
  shows(text: string): Promise<void>;
}

/** Starts `modelway` with `args`, and with `env` on top of this process's environment. */
export function startModelway(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, [path.join(CHECKOUT, 'bin/modelway.ts'), ...args], {
    cwd: CHECKOUT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const waiting: { text: string; found: () => void }[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
    for (const { text, found } of waiting) if (err.includes(text)) found();
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  return {
    ended,
    pid: child.pid ?? 0,
    kill: (signal) => child.kill(signal),
    shows: (text) => new Promise((found) => waiting.push({ text, found })),
  };
}

/** Runs `modelway` with `args` to its end. */
export function modelway(args: readonly string[]): Promise<Ended> {
  return startModelway(args).ended;
}
