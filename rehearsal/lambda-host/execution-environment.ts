import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deferred } from '../sidecar/deferred.ts';
import type { SidecarEnvironment } from '../sidecar/environment.ts';
import { type Credentials, credentialVariables } from '../sidecar/role-credentials.ts';
import { answerTooLarge, exited, type FailedInvocation, outOfMemory, storageFull, timedOut } from './failures.ts';
import { functionVariables, memoryFlags } from './function-environment.ts';
import type { Invocation, Outcome } from './invocation.ts';
import { processMemory } from './process-memory.ts';
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

/** Lambda's own limits that no template sets. */
const LIMITS = { initSeconds: 10, answerBytes: 6_291_556, memoryPollMilliseconds: 100 } as const;

const here = (file: string) => path.join(import.meta.dirname, file);

/** One process that answers the invocations of one function, one at a time. */
export interface ExecutionEnvironment {
  readonly functionName: string;
  /** Resolves when the runtime asks for its first event, has ended, or has taken as long as Lambda lets it. */
  initialised(): Promise<void>;
  /** False once its process ended or was told to. */
  usable(): boolean;
  /** Resident memory in megabytes, 0 where unknown. */
  megabytes(): number;
  /** Runs one event; always settles, with a failure as a value. */
  run(invocation: Invocation, credentials: Credentials): Promise<Outcome>;
  kill(): void;
}

type Verdict = { readonly body: unknown; readonly failed: boolean };

interface State {
  log: string;
  gone: boolean;
  /** Called with what came of the event under way. */
  settle: ((verdict: Verdict) => void) | undefined;
  /** Called when the runtime asks for its first event. */
  initialised: () => void;
  requestId: string;
}

/** Starts a process for `invocation`'s function; it is ready when `run` needs it. */
export async function startExecutionEnvironment(
  invocation: Invocation,
  credentials: Credentials,
  sidecar: SidecarEnvironment,
): Promise<ExecutionEnvironment> {
  const ready = deferred<void>();
  const state: State = {
    log: '',
    gone: false,
    settle: undefined,
    initialised: ready.resolve,
    requestId: invocation.rid,
  };
  const folder = temporaryFolder(path.join(sidecar.workFolder, 'lambda'), `${invocation.name}-${randomUUID()}`);
  const api = await startRuntimeApi(reportsTo(state));
  const child = spawnRuntime(invocation, credentials, sidecar, api, folder);
  watch(child, state, api, folder);
  return {
    functionName: invocation.name,
    initialised: () => Promise.race([ready.promise, sleep(LIMITS.initSeconds * 1000, undefined, { ref: false })]),
    usable: () => !state.gone,
    megabytes: () => processMemory(child.pid)?.now ?? 0,
    run: (next, session) => run({ state, api, child, folder, ready: ready.promise }, next, session),
    kill: () => stop(child, state),
  };
}

interface Parts {
  readonly state: State;
  readonly api: RuntimeApi;
  readonly child: ChildProcess;
  readonly folder: TemporaryFolder;
  readonly ready: Promise<void>;
}

async function run(parts: Parts, invocation: Invocation, credentials: Credentials): Promise<Outcome> {
  const { state, api, child, folder } = parts;
  const began = performance.now();
  state.requestId = invocation.rid;
  const answered = new Promise<Verdict>((resolve) => {
    state.settle = (verdict) => {
      state.settle = undefined;
      resolve(verdict);
    };
  });
  const fail = (failure: FailedInvocation) => {
    state.settle?.({ body: failure, failed: true });
    stop(child, state);
  };
  const guard = watchMemory(child, invocation, fail);
  let timer = setTimeout(() => fail(timedOut(invocation.rid, invocation.timeout)), LIMITS.initSeconds * 1000);
  void parts.ready.then(() => {
    clearTimeout(timer);
    if (state.settle === undefined) return;
    timer = setTimeout(() => fail(timedOut(invocation.rid, invocation.timeout)), invocation.timeout * 1000);
    api.deliver(deliveryOf(invocation, credentials));
  });
  const verdict = await answered;
  clearTimeout(timer);
  clearInterval(guard);
  await lastOutput();
  const memory = processMemory(child.pid)?.peak ?? 0;
  const final = verdict.failed ? verdict : await checkedAnswer(verdict, invocation, folder);
  const log = state.log;
  state.log = '';
  return {
    body: final.body,
    error: final.failed,
    ...(final.failed ? { function_error: 'Unhandled' as const } : {}),
    log,
    ms: Math.round(performance.now() - began),
    memory_used: memory,
  };
}

function spawnRuntime(
  invocation: Invocation,
  credentials: Credentials,
  sidecar: SidecarEnvironment,
  api: RuntimeApi,
  folder: TemporaryFolder,
): ChildProcess {
  const compiled = path.join(sidecar.workFolder, 'compiled');
  const flags = [...memoryFlags(invocation.memory), '--require', here('preload.cjs'), here('bootstrap.cjs'), compiled];
  return spawn(process.execPath, flags, {
    cwd: invocation.dir,
    // The fourth pipe only tells the process that its host is gone.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: functionVariables(
      invocation,
      {
        runtimeApi: api.address,
        temporaryFolder: folder.path,
        logStream: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[${invocation.version}]${randomUUID().replaceAll('-', '')}`,
        credentials: credentialVariables(credentials),
      },
      sidecar,
    ),
  });
}

function watch(child: ChildProcess, state: State, api: RuntimeApi, folder: TemporaryFolder): void {
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      state.log += text;
    });
  const ended = (code: number | null, signal: NodeJS.Signals | null) => {
    state.gone = true;
    state.initialised();
    api.close();
    folder.remove();
    state.settle?.({ body: exited(state.requestId, code, signal), failed: true });
  };
  child.on('error', () => ended(null, null));
  child.on('close', ended);
}

function reportsTo(state: State) {
  return {
    ready: () => state.initialised(),
    responded: (body: string) => state.settle?.({ body: JSON.parse(body === '' ? 'null' : body), failed: false }),
    failed: (body: string) => state.settle?.({ body: JSON.parse(body), failed: true }),
    initFailed: (body: string) => {
      state.gone = true;
      state.settle?.({ body: JSON.parse(body), failed: true });
    },
  };
}

function deliveryOf(invocation: Invocation, credentials: Credentials) {
  return {
    requestId: invocation.rid,
    arn: invocation.arn,
    deadline: Date.now() + invocation.timeout * 1000,
    event: JSON.stringify(invocation.event ?? null),
    credentials: JSON.stringify(credentialVariables(credentials)),
  };
}

/** Native code does not know Node's heap limit, so the whole process is watched, as Lambda does. */
function watchMemory(child: ChildProcess, invocation: Invocation, fail: (failure: FailedInvocation) => void) {
  return setInterval(() => {
    const used = processMemory(child.pid)?.now ?? 0;
    if (used > invocation.memory) fail(outOfMemory(invocation.rid, used, invocation.memory));
  }, LIMITS.memoryPollMilliseconds);
}

async function checkedAnswer(verdict: Verdict, invocation: Invocation, folder: TemporaryFolder): Promise<Verdict> {
  const size = Buffer.byteLength(JSON.stringify(verdict.body) ?? '');
  if (size > LIMITS.answerBytes) return { body: answerTooLarge(size, LIMITS.answerBytes), failed: true };
  const stored = await folder.usedMegabytes().catch(() => 0);
  if (stored > invocation.storage)
    return { body: storageFull(invocation.rid, stored, invocation.storage), failed: true };
  return verdict;
}

function stop(child: ChildProcess, state: State): void {
  state.gone = true;
  child.kill('SIGKILL');
}

/** The answer and the last printed lines arrive on different pipes: let the event loop read both. */
async function lastOutput(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}
