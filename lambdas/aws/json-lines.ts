import type { z } from 'zod';
import { ModelwayError, problemsOf } from '../../contracts/problems.ts';
import { lineBatches } from '../../core/capture/lines.ts';
import type { Lake } from './lake.ts';

/**
 * The values of an object with one JSON value a line, parsed one at a time.
 * @throws ModelwayError `unreadable-scores` naming the object and the line
 */
export async function* jsonLines<T>(lake: Lake, key: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  for await (const values of jsonBatches(lake, key, schema)) yield* values;
}

/** All of them, in order. @throws like `jsonLines` */
export async function allJsonLines<T>(lake: Lake, key: string, schema: z.ZodType<T>): Promise<readonly T[]> {
  const batches: (readonly T[])[] = [];
  for await (const values of jsonBatches(lake, key, schema)) batches.push(values);
  return batches.flat();
}

/** As many at a time as came together. @throws like `jsonLines` */
export async function* jsonBatches<T>(lake: Lake, key: string, schema: z.ZodType<T>): AsyncGenerator<readonly T[]> {
  let before = 0;
  for await (const lines of lineBatches(lake.stream(key))) {
    yield lines.map((line, index) => parsed(line, schema, `${key}, line ${before + index + 1}`));
    before += lines.length;
  }
}

function parsed<T>(line: string, schema: z.ZodType<T>, where: string): T {
  const result = schema.safeParse(parsedJson(line));
  if (result.success) return result.data;
  const problems = problemsOf(result.error, undefined).map(({ message, path }) => ({
    path: `${where} ${path}`,
    message,
  }));
  throw new ModelwayError('unreadable-scores', 'modelway', problems);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
