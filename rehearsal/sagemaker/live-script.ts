import type { ContainerProcess } from './container-process.ts';
import { report, type World } from './world.ts';

/** The control over a training script while it runs: naps, its time limit, stopping. */
export interface LiveScript {
  /** From now on the script is `container`, and past `until` (virtual seconds) its time is over. */
  attach(container: ContainerProcess, until: number): void;
  detach(): void;
  /** StopTrainingJob: SIGTERM, and SIGKILL when the script does not heed it. */
  stop(): Promise<void>;
  stopped(): boolean;
  /** Whether the script was killed because its time was over. */
  exceeded(): boolean;
  /** The script sleeps: that costs virtual time, as much as its limit leaves. */
  nap(seconds: number): Promise<void>;
}

export type LiveScripts = Map<string, LiveScript>;

export function liveScript(world: World, name: string): LiveScript {
  let container: ContainerProcess | undefined;
  let until = Number.POSITIVE_INFINITY;
  let stopped = false;
  let exceeded = false;
  let nap: string | undefined;
  let naps = 0;
  const timers: NodeJS.Timeout[] = [];

  const kill = async (signal: NodeJS.Signals) => {
    // A sleeping script has given its token up; it must have it back before it dies.
    if (nap !== undefined) await world.control.wake(nap);
    container?.kill(signal);
  };
  const killLater = (seconds: number, before: () => void) => {
    const timer = setTimeout(() => {
      before();
      kill('SIGKILL').catch((error: unknown) => report(world, `training job ${name}`, error));
    }, seconds * 1000);
    timers.push(timer);
  };
  const exceed = () => {
    exceeded = true;
  };

  return {
    attach: (started, limit) => {
      container = started;
      until = limit;
      killLater(world.settings.busyScript, exceed);
      if (stopped) started.kill('SIGTERM');
    },
    detach: () => {
      container = undefined;
      for (const timer of timers) clearTimeout(timer);
    },
    stop: async () => {
      stopped = true;
      await kill('SIGTERM');
      if (container !== undefined) killLater(world.settings.stopGrace, () => undefined);
    },
    stopped: () => stopped,
    exceeded: () => exceeded,
    nap: async (seconds) => {
      if (stopped) return;
      const left = until - world.control.now();
      naps += 1;
      nap = `${name}/${naps}`;
      await world.control.sleep(Math.max(0, Math.min(seconds, left)), nap);
      nap = undefined;
      if (stopped || seconds < left) return;
      exceed();
      container?.kill('SIGKILL');
    },
  };
}
