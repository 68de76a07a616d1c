import { writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type AwsClients, awsClients } from './aws-clients.ts';
import { selfSignedCertificate } from './certificate.ts';
import { type Child, startChild } from './child-process.ts';
import { type Control, controlOf } from './control.ts';
import { childEnvironment, type Places } from './environment.ts';
import { freePorts } from './free-ports.ts';
import { readVirtualClock, type VirtualClock, writeVirtualClock } from './virtual-clock.ts';
import { createWorkFolder, type WorkFolder } from './work-folder.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const START_ATTEMPTS = 3;
const UP_WITHIN_MS = 30_000;
const POLL_MS = 20;

export interface EmulatorOptions {
  /** Virtual time at which the rehearsal begins; left out, the real present. */
  readonly startsAt?: Date;
  /** Module that plays the sidecar; left out, the Lambda host and SageMaker emulator. */
  readonly sidecarModule?: string;
  /** Python that has ministack; left out, the project's own environment. */
  readonly emulatorPython?: string;
  /** Python that runs the model containers' code; left out, the project's own environment. */
  readonly containerPython?: string;
  /** Further variables for both processes. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running emulator: an AWS account of its own on 127.0.0.1, in virtual time. */
export interface Emulator {
  readonly gatewayUrl: string;
  readonly sidecarUrl: string;
  /** Certificate to trust, as a file. */
  readonly caFile: string;
  readonly folder: string;
  readonly agent: Agent;
  readonly clock: VirtualClock;
  readonly control: Control;
  readonly aws: AwsClients;
  readonly processIds: readonly number[];
  readonly logs: { readonly emulator: string; readonly sidecar: string };
  /** Ends all processes and removes the folder; may be asked more than once. */
  stop(): Promise<void>;
}

/**
 * Starts the emulator and its sidecar and waits until both answer.
 *
 * Each gets free ports and a folder of its own, so that any number run side by side. Both end when this process does, however that
 * happens, and take the folder along.
 * @throws with the last lines of the log of the process that did not come up
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  for (let attempt = 1; ; attempt++) {
    const folder = createWorkFolder();
    try {
      return await startIn(folder, options);
    } catch (error) {
      folder.remove();
      // Another process may have taken a port between our finding it free and the emulator's using it.
      if (!(error instanceof PortTaken) || attempt === START_ATTEMPTS) throw error;
    }
  }
}

class PortTaken extends Error {}

async function startIn(folder: WorkFolder, options: EmulatorOptions): Promise<Emulator> {
  const certificate = selfSignedCertificate();
  writeFileSync(folder.certificateFile, certificate.certificate);
  writeFileSync(folder.keyFile, certificate.key, { mode: 0o600 });
  writeVirtualClock(folder.clockFile, options.startsAt);
  const [gatewayPort = 0, sidecarPort = 0] = await freePorts(2);
  const agent = new Agent({ ca: certificate.certificate, keepAlive: true, maxSockets: 64 });
  const clock = readVirtualClock(folder.clockFile);
  const control = controlOf(gatewayPort, agent);
  const started = await startBoth({ folder, gatewayPort, sidecarPort }, options);
  const gatewayUrl = `https://127.0.0.1:${gatewayPort}`;
  const aws = awsClients(gatewayUrl, agent, clock);
  const stopAll = async () => {
    await Promise.all(started.map((child) => child.stop()));
    for (const client of Object.values(aws)) client.destroy();
    agent.destroy();
    clock.close();
    folder.remove();
  };
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopAll();
    return stopping;
  };
  const [emulator, sidecar] = started;
  try {
    await Promise.all([untilUp(emulator, () => control.clock()), untilUp(sidecar, () => connected(sidecarPort))]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    gatewayUrl,
    sidecarUrl: `http://127.0.0.1:${sidecarPort}`,
    caFile: folder.certificateFile,
    folder: folder.path,
    agent,
    clock,
    control,
    aws,
    processIds: started.map((child) => child.pid),
    logs: { emulator: emulator.logFile, sidecar: sidecar.logFile },
    stop,
  };
}

async function startBoth(places: Places, options: EmulatorOptions): Promise<readonly [Child, Child]> {
  const python = (venv: string) => join(REPOSITORY, '.venvs', venv, 'bin', 'python');
  const containerPython = options.containerPython ?? python('container');
  const env = { ...childEnvironment(places, containerPython), ...options.env };
  const { folder } = places;
  const emulator = await startChild({
    command: options.emulatorPython ?? python('emulator'),
    args: [join(REPOSITORY, 'rehearsal/emulator/launch.py')],
    cwd: folder.path,
    env,
    logFile: join(folder.logFolder, 'emulator.log'),
  });
  try {
    const preload = join(REPOSITORY, 'rehearsal/lambda-host/preload.cjs');
    const sidecar = await startChild({
      command: process.execPath,
      args: ['--require', preload, options.sidecarModule ?? join(REPOSITORY, 'rehearsal/sidecar/main.ts')],
      cwd: folder.path,
      env,
      logFile: join(folder.logFolder, 'sidecar.log'),
    });
    return [emulator, sidecar];
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}

async function untilUp(child: Child, answers: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + UP_WITHIN_MS;
  for (;;) {
    try {
      await answers();
      return;
    } catch (cause) {
      if (!child.running()) throw didNotStart(child, 'ended at its start', cause);
      if (Date.now() > deadline) throw didNotStart(child, `did not answer within ${UP_WITHIN_MS / 1000} s`, cause);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function didNotStart(child: Child, what: string, cause: unknown): Error {
  const lines = child.lastLines();
  const Kind = /already in use|EADDRINUSE/.test(lines) ? PortTaken : Error;
  return new Kind(`a process of the rehearsal ${what}; the end of ${child.logFile}:\n${lines}`, { cause });
}

function connected(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
