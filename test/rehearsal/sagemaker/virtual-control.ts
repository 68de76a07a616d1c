import { writeFileSync } from 'node:fs';
import type { Control, MetricPoint, StateChange } from '../../../rehearsal/sidecar/control.ts';

/** A control channel without an emulator: counts tokens and leaps to the next sleeper when nobody works, as the real clock does. */
export interface VirtualControl extends Control {
  readonly events: StateChange[];
  readonly points: MetricPoint[];
  readonly problems: string[];
  readonly jobsDone: string[];
  /** Tokens held now; a test ends with none. */
  tokens(): number;
  /** Runs `act` as a request: it holds a token until its answer. */
  request<T>(act: () => Promise<T>): Promise<T>;
  /** Lets virtual time pass, playing everything that falls due, and returns when nothing works. */
  advance(seconds: number): Promise<void>;
}

interface Sleeper {
  readonly when: number;
  readonly id: string | undefined;
  readonly wake: () => void;
}

export function virtualControl(clockFile: string, startsAt: Date): VirtualControl {
  let now = startsAt.getTime() / 1000;
  let goal = now;
  let tokens = 0;
  let fewest = 0;
  let sleepers: Sleeper[] = [];
  const [events, points, problems, jobsDone]: [StateChange[], MetricPoint[], string[], string[]] = [[], [], [], []];

  const setNow = (moment: number) => {
    now = moment;
    const offset = Buffer.alloc(8);
    offset.writeDoubleLE(now - Date.now() / 1000);
    writeFileSync(clockFile, offset);
  };
  const take = (sleeper: Sleeper) => {
    sleepers = sleepers.filter((other) => other !== sleeper);
    tokens += 1;
    sleeper.wake();
  };
  const give = () => {
    tokens -= 1;
    fewest = Math.min(fewest, tokens);
  };
  setNow(now);

  return {
    events,
    points,
    problems,
    jobsDone,
    now: () => now,
    hold: async () => {
      tokens += 1;
    },
    release: async () => give(),
    sleep: (seconds, id) =>
      new Promise((resolve) => {
        if (seconds <= 0) return resolve();
        give();
        sleepers.push({ when: now + seconds, id, wake: resolve });
      }),
    wake: async (id) => {
      const sleeper = sleepers.find((candidate) => candidate.id === id);
      if (sleeper !== undefined) take(sleeper);
    },
    jobDone: async (kind, name) => void jobsDone.push(`${kind} ${name}`),
    event: async (change) => void events.push(change),
    metrics: async (more) => void points.push(...more),
    problem: async (line) => void problems.push(line),
    credentials: async () => {
      throw new Error('this test gives no sessions');
    },
    tokens: () => Math.min(tokens, fewest),
    request: async (act) => {
      tokens += 1;
      try {
        return await act();
      } finally {
        give();
      }
    },
    advance: async (seconds) => {
      goal = now + seconds;
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        if (tokens > 0) continue;
        const next = sleepers.toSorted((a, b) => a.when - b.when)[0];
        if (next === undefined || next.when > goal) break;
        setNow(next.when);
        take(next);
      }
      setNow(goal);
    },
  };
}
