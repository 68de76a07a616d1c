import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { deferred } from '../sidecar/deferred.ts';
import { ACCOUNT, REGION } from '../sidecar/environment.ts';
import type { World } from './world.ts';

export interface ContainerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of container code. */
export interface ContainerProcess {
  readonly ended: Promise<ContainerExit>;
  /** The port it listens on; undefined when it ended before it listened. */
  readonly port: Promise<number | undefined>;
  kill(signal?: NodeJS.Signals): void;
}

export interface ContainerStart {
  /** The program. Left out, and for `python3`: Python as the image has it. */
  readonly command?: string;
  /** Its arguments; of Python, a script and its own. */
  readonly args: readonly string[];
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** The container side of the emulator: `serve.py`, and `sitecustomize.py` for every Python process. */
export const CONTAINER_FOLDER = path.join(import.meta.dirname, 'container');

/**
 * Starts Python as the image would. The fourth pipe is ours: the process writes its port to it, and ends when our end closes,
 * so that nothing outlives a sidecar that was killed.
 */
export function startContainer(world: World, start: ContainerStart): ContainerProcess {
  const program =
    start.command === undefined || start.command === 'python3' ? world.sidecar.containerPython : start.command;
  const child = spawn(program, [...start.args], {
    cwd: start.folder,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...baseVariables(world, start.folder), ...start.variables },
  });
  const ended = deferred<ContainerExit>();
  const port = deferred<number | undefined>();
  const process = { kill: (signal: NodeJS.Signals = 'SIGKILL') => void child.kill(signal) };
  world.processes.add(process);
  for (const output of [child.stdout, child.stderr])
    if (output !== null) readline.createInterface(output).on('line', start.onLine);
  child.stdio[3]?.once('data', (line: Buffer) => port.resolve(Number(line.toString())));
  child.stdio[3]?.on('error', () => undefined);
  child.on('error', (error) => {
    start.onLine(`cannot start ${program}: ${error.message}`);
    ended.resolve({ code: 127, signal: null });
  });
  child.on('close', (code, signal) => ended.resolve({ code, signal }));
  void ended.promise.then(() => {
    world.processes.delete(process);
    port.resolve(undefined);
  });
  return { ...process, ended: ended.promise, port: port.promise };
}

/** Variables that let a container reach AWS; one with network isolation gets none of them. */
export function networkVariables(
  world: World,
  isolated: boolean,
  credentials: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (isolated) return { REHEARSAL_NETWORK: 'none' };
  return { ...credentials, AWS_ENDPOINT_URL: world.sidecar.gatewayUrl, AWS_CA_BUNDLE: world.sidecar.caFile };
}

function baseVariables(world: World, home: string): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    PYTHONUNBUFFERED: '1',
    PYTHONPATH: CONTAINER_FOLDER,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCOUNT_ID: ACCOUNT,
    CLOCK_FILE: world.sidecar.clockFile,
    // Threads that spin while they wait are right on a machine of one's own; here they took ten times the training's processor time.
    OMP_WAIT_POLICY: 'PASSIVE',
    OPENBLAS_NUM_THREADS: '1',
    REHEARSAL_PIPE: '3',
  };
}
