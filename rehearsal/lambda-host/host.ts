import type { SidecarEnvironment } from '../sidecar/environment.ts';
import type { AssumeRole, Credentials } from '../sidecar/role-credentials.ts';
import { type ExecutionEnvironment, startExecutionEnvironment } from './execution-environment.ts';
import { notStarted } from './failures.ts';
import type { Invocation, Outcome } from './invocation.ts';

/** How much the host may keep; the whole rehearsal has 4 GB. */
export interface HostLimits {
  /** Processes at work at once; more invocations wait for one to end. */
  readonly busy: number;
  /** Memory of idle processes together, megabytes; the one idle longest ends first. */
  readonly idleMegabytes: number;
  /** Assumed for an idle process whose memory the system does not tell. */
  readonly unknownMegabytes: number;
}

const DEFAULT_LIMITS: HostLimits = { busy: 8, idleMegabytes: 2200, unknownMegabytes: 90 };

/** Seconds of virtual time a session must outlast the function's time-out; the SDK renews what has less than five minutes. */
const CREDENTIAL_MARGIN_SECONDS = 420;

/** Runs Lambda functions: one process per concurrent invocation, kept warm. */
export interface LambdaHost {
  invoke(invocation: Invocation): Promise<Outcome>;
  /**
   * Initialises a process for the function before it has an event, where none stands yet, as Lambda does at times; resolves when it could
   * take one. A function that cannot be initialised says so at its first event.
   */
  prepare(invocation: Invocation): Promise<void>;
  /** Ends the processes at work for a caller (an assumed-role ARN ending in the function's name); says how many. */
  kill(who: string): number;
  /** Idle and busy processes by function, for tests and reports. */
  processes(): { readonly idle: number; readonly busy: number };
  close(): void;
}

interface Idle {
  readonly key: string;
  readonly environment: ExecutionEnvironment;
}

/** Makes a host; `assumeRole` gives each function a session of its own role, named like the function. */
export function lambdaHost(
  sidecar: SidecarEnvironment,
  assumeRole: AssumeRole,
  limits: HostLimits = DEFAULT_LIMITS,
): LambdaHost {
  let idle: readonly Idle[] = [];
  const busy = new Set<ExecutionEnvironment>();
  const initialising = new Map<string, Promise<void>>();
  const enter = turnstile(limits.busy);

  const take = async (invocation: Invocation, credentials: Credentials): Promise<ExecutionEnvironment> => {
    const key = keyOf(invocation);
    await initialising.get(key);
    const warm = idle.findLast((entry) => entry.key === key && entry.environment.usable());
    idle = idle.filter((entry) => entry !== warm && entry.environment.usable());
    return warm?.environment ?? (await startExecutionEnvironment(invocation, credentials, sidecar));
  };

  const keep = (invocation: Invocation, environment: ExecutionEnvironment) => {
    if (!environment.usable()) return;
    idle = [...idle, { key: keyOf(invocation), environment }];
    let total = idle.reduce((sum, entry) => sum + sizeOf(entry.environment, limits), 0);
    while (total > limits.idleMegabytes) {
      const [oldest, ...rest] = idle;
      if (oldest === undefined) return;
      total -= sizeOf(oldest.environment, limits);
      oldest.environment.kill();
      idle = rest;
    }
  };

  const assume = (invocation: Invocation) =>
    assumeRole(invocation.role, invocation.name, invocation.timeout + CREDENTIAL_MARGIN_SECONDS);

  const initialise = async (invocation: Invocation): Promise<void> => {
    const environment = await startExecutionEnvironment(invocation, await assume(invocation), sidecar);
    await environment.initialised();
    keep(invocation, environment);
  };

  const prepare = async (invocation: Invocation): Promise<void> => {
    const key = keyOf(invocation);
    const stands =
      idle.some((entry) => entry.key === key) || [...busy].some(({ functionName }) => functionName === invocation.name);
    if (stands || initialising.has(key)) return;
    const started = initialise(invocation).catch(() => undefined);
    initialising.set(key, started);
    await started;
    initialising.delete(key);
  };

  const invoke = async (invocation: Invocation): Promise<Outcome> => {
    const leave = await enter();
    try {
      const credentials = await assume(invocation);
      const environment = await take(invocation, credentials);
      busy.add(environment);
      const outcome = await environment.run(invocation, credentials);
      busy.delete(environment);
      keep(invocation, environment);
      return outcome;
    } catch (error) {
      return refused(invocation, error);
    } finally {
      leave();
    }
  };

  return {
    invoke,
    prepare,
    kill: (who) => {
      const victims = [...busy].filter((environment) => who.endsWith(`/${environment.functionName.slice(0, 64)}`));
      for (const victim of victims) victim.kill();
      return victims.length;
    },
    processes: () => ({ idle: idle.length, busy: busy.size }),
    close: () => {
      for (const environment of [...busy, ...idle.map((entry) => entry.environment)]) environment.kill();
    },
  };
}

/** A process serves one configuration: another role, code, environment or size is another execution environment. */
function keyOf(invocation: Invocation): string {
  const { arn, version, dir, handler, role, memory, storage, env, layers } = invocation;
  return JSON.stringify([arn, version, dir, handler, role, memory, storage, env, layers]);
}

function sizeOf(environment: ExecutionEnvironment, limits: HostLimits): number {
  return environment.megabytes() || limits.unknownMegabytes;
}

function refused(invocation: Invocation, error: unknown): Outcome {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    body: notStarted(invocation.rid, reason),
    error: true,
    function_error: 'Unhandled',
    log: `${reason}\n`,
    ms: 0,
    memory_used: 0,
  };
}

/** Lets `places` callers in at a time, in order; the value is how one leaves. */
function turnstile(places: number): () => Promise<() => void> {
  let free = places;
  const queue: (() => void)[] = [];
  const leave = () => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => queue.push(resolve));
    return leave;
  };
}
