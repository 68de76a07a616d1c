import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

const LAST_LINES = 40;
const PATIENCE_MS = 3000;

/** A process of the rehearsal that ends when this process does, because it watches its stdin. */
export interface Child {
  readonly pid: number;
  readonly logFile: string;
  readonly ended: Promise<void>;
  running(): boolean;
  /** The last lines it printed. */
  lastLines(): string;
  /** SIGTERM, after three seconds SIGKILL; resolves when it and all it started are gone. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

/** Starts a process in a group of its own (Ctrl-C in a terminal reaches only us, who then stop it), its output in a log file. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['pipe', log, log],
    detached: true,
  });
  closeSync(log);
  const pid = await started(child, options.command);
  // A write never happens; an error here only says that the process has ended, which `ended` tells.
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    logFile: options.logFile,
    ended,
    running,
    lastLines: () => readFileSync(options.logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n'),
    stop: async () => {
      if (running()) child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await (running() ? ended : undefined);
      clearTimeout(patience);
      killGroup(pid);
    },
  };
}

function started(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`${command} could not be started`, { cause })));
    child.once('spawn', () => {
      if (child.pid !== undefined) resolve(child.pid);
    });
  });
}

/** Ends what the process left in its group; that nothing is left is the usual case. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty.
  }
}
