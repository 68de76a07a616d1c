import { readFile } from 'node:fs/promises';
import { type Instance, InstanceSchema } from '../../../contracts/serving.ts';

/** One flight a caller asks about, and what came of it, which the caller does not know yet. */
export interface LiveFlight {
  readonly scheduledAt: Date;
  readonly instance: Instance;
  readonly late: boolean;
}

/** Hour of the day (UTC) at which callers ask about the flights that fell due since the day before. */
const ASKING_TIME = '23:55';

/** Reads the prepared flights, oldest first. */
export async function readLiveFlights(file: string): Promise<readonly LiveFlight[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => {
    const { late, ...instance } = InstanceSchema.parse(JSON.parse(line));
    return { scheduledAt: new Date(String(instance.scheduled)), instance, late: late === true };
  });
}

/**
 * The times after `from`, up to `until`, at which callers ask. A flight is asked about when it is due and not before, so that no
 * value of its row comes from its future.
 */
export function askingTimes(from: Date, until: Date): readonly Date[] {
  const times: Date[] = [];
  for (let day = from.toISOString().slice(0, 10); day <= until.toISOString().slice(0, 10); day = dayAfter(day))
    times.push(new Date(`${day}T${ASKING_TIME}:00Z`));
  return times.filter((time) => time > from && time <= until);
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
