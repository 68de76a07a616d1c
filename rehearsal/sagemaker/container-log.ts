import type { LogEvent } from './role-actions.ts';
import { report, type World } from './world.ts';

/** What a container prints: kept, and written to its log group with the container's own role. */
export interface ContainerLog {
  add(line: string): void;
  /** The newest lines, oldest first. */
  tail(count: number): readonly string[];
  /** Writes what is not yet written; a log that cannot be written is a problem, not an error. */
  flush(): Promise<void>;
  /** Writes only when enough has gathered, or the last time is long ago: a call for every few lines would slow a rehearsal down. */
  flushWhenDue(): Promise<void>;
}

const TAIL_LINES = 50;
const DUE_LINES = 200;

/** A log stream of one container. */
export function containerLog(world: World, group: string, stream: string, role: string): ContainerLog {
  let unwritten: LogEvent[] = [];
  let newest: readonly string[] = [];
  let written = Number.NEGATIVE_INFINITY;

  const flush = async () => {
    const events = unwritten.filter((event) => event.message !== '');
    unwritten = [];
    if (events.length === 0) return;
    written = world.control.now();
    try {
      const actions = await world.actAs(role, 'SageMaker');
      await actions.writeLog(group, stream, events);
    } catch (error) {
      report(world, `log group ${group}: ${events.length} lines lost`, error);
    }
  };
  return {
    add: (line) => {
      unwritten.push({ timestamp: Math.round(world.control.now() * 1000), message: line });
      newest = [...newest.slice(1 - TAIL_LINES), line];
    },
    tail: (count) => newest.slice(-count),
    flush,
    flushWhenDue: async () => {
      const due = unwritten.length >= DUE_LINES || world.control.now() - written >= world.settings.logDelay;
      if (due) await flush();
    },
  };
}
