import { minuteOf } from '../../contracts/monitoring-schedule.ts';

/** How long the steps of one window take, seconds. */
export interface Timing {
  /** From the schedule to the first function: the machine's start and its first steps. */
  readonly start: number;
  readonly monitor: number;
  /** Steps between the two functions. */
  readonly between: number;
  readonly record: number;
  readonly reconcile: number;
  /** Windows that an execution judges, one after another; the one that closed comes last. */
  readonly windows: number;
}

export interface Limits {
  /** Executions of all functions at once. */
  readonly concurrency: number;
  /** Token bucket of StartExecution. */
  readonly startBucket: number;
  readonly startRefill: number;
}

export interface Fleet {
  readonly models: readonly string[];
  readonly spreadMinutes: number;
  /** Second of its minute at which the Scheduler fires for a model; its precision is a minute. */
  readonly secondOf: (model: string, hour: number) => number;
}

/** What a day of hourly windows did. */
export interface Day {
  readonly windows: number;
  readonly peakConcurrency: number;
  /** Invocations that found no free execution, and starts that found the bucket empty; both were tried again. */
  readonly throttledInvocations: number;
  readonly throttledStarts: number;
  /** Seconds from the model's own minute to its verdict: half of the windows, and the last. */
  readonly medianVerdict: number;
  readonly lastVerdict: number;
  readonly peakStartsASecond: number;
}

/** A machine tries a throttled function again after this long, a schedule a throttled start. */
const RETRY_SECONDS = 5;
const HOUR = 3600;
/** Reconciliation comes half an hour after the verdict was due. */
const RECONCILE_AFTER = 1800;

interface Step {
  readonly at: number;
  readonly kind: 'start' | 'monitor' | 'record' | 'reconcile';
  /** When the model's own minute began. */
  readonly due: number;
  /** Windows that the execution has still to judge. */
  readonly left: number;
}

/**
 * Plays a day second for second, first come first served: every window is started, judged, recorded and counted over. Nothing here is
 * random but what `secondOf` brings.
 */
export function simulateDay(fleet: Fleet, timing: Timing, limits: Limits, hours = 24): Day {
  const queue = new Calendar(schedule(fleet, timing.windows, hours));
  const running = new Running(limits.concurrency);
  const bucket = new Bucket(limits.startBucket, limits.startRefill);
  const verdicts: number[] = [];
  const startsBySecond = new Map<number, number>();
  let [throttledInvocations, throttledStarts] = [0, 0];
  for (let step = queue.next(); step !== undefined; step = queue.next()) {
    const { at, kind, left } = step;
    if (kind === 'start') {
      startsBySecond.set(Math.floor(at), (startsBySecond.get(Math.floor(at)) ?? 0) + 1);
      const started = bucket.take(at);
      throttledStarts += started ? 0 : 1;
      queue.add(started ? { ...step, at: at + timing.start, kind: 'monitor' } : { ...step, at: at + RETRY_SECONDS });
      continue;
    }
    if (!running.begin(at, at + timing[kind])) {
      throttledInvocations += 1;
      queue.add({ ...step, at: at + RETRY_SECONDS });
      continue;
    }
    const end = at + timing[kind];
    if (kind === 'monitor') queue.add({ ...step, at: end + timing.between, kind: 'record', left: left - 1 });
    if (kind === 'record' && left > 0) queue.add({ ...step, at: end + timing.between, kind: 'monitor' });
    if (kind === 'record' && left === 0) verdicts.push(end - step.due);
  }
  const sorted = verdicts.toSorted((a, b) => a - b);
  return {
    windows: verdicts.length,
    peakConcurrency: running.peak,
    throttledInvocations,
    throttledStarts,
    medianVerdict: sorted[Math.floor(sorted.length / 2)] ?? 0,
    lastVerdict: sorted.at(-1) ?? 0,
    peakStartsASecond: Math.max(0, ...startsBySecond.values()),
  };
}

function schedule({ models, spreadMinutes, secondOf }: Fleet, left: number, hours: number): readonly Step[] {
  return models.flatMap((model) =>
    Array.from({ length: hours }, (_, hour): readonly Step[] => {
      const due = hour * HOUR + minuteOf(model, spreadMinutes) * 60;
      const at = due + secondOf(model, hour);
      return [
        { at, kind: 'start', due, left },
        { at: at + RECONCILE_AFTER, kind: 'reconcile', due, left },
      ];
    }).flat(),
  );
}

/** Steps by their time, in slots of a tenth of a second, so that a day is played in one pass. */
class Calendar {
  private readonly slots = new Map<number, Step[]>();
  private last = 0;
  private slot = 0;
  private index = 0;

  constructor(steps: readonly Step[]) {
    for (const step of steps) this.add(step);
  }

  add(step: Step): void {
    const slot = Math.round(step.at * 10);
    this.last = Math.max(this.last, slot);
    const steps = this.slots.get(slot);
    if (steps === undefined) this.slots.set(slot, [step]);
    else steps.push(step);
  }

  next(): Step | undefined {
    while (this.slot <= this.last) {
      const step = this.slots.get(this.slot)?.[this.index];
      this.index += 1;
      if (step !== undefined) return step;
      this.slots.delete(this.slot);
      this.slot += 1;
      this.index = 0;
    }
    return undefined;
  }
}

/** Functions that run; those that have ended make room. */
class Running {
  private readonly limit: number;
  private ends: number[] = [];
  peak = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  begin(at: number, end: number): boolean {
    this.ends = this.ends.filter((other) => other > at);
    if (this.ends.length >= this.limit) return false;
    this.ends.push(end);
    this.peak = Math.max(this.peak, this.ends.length);
    return true;
  }
}

class Bucket {
  private readonly size: number;
  private readonly refill: number;
  private tokens: number;
  private at = 0;

  constructor(size: number, refill: number) {
    this.size = size;
    this.refill = refill;
    this.tokens = size;
  }

  take(at: number): boolean {
    this.tokens = Math.min(this.size, this.tokens + (at - this.at) * this.refill);
    this.at = at;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
