import type { z } from 'zod';
import { ModelwayError, problemsOf } from '../../contracts/problems.ts';
import { linesOf } from '../../core/capture/lines.ts';
import type { Lake } from './lake.ts';

/**
 * The values of an object with one JSON value a line, parsed one at a time.
 * @throws ModelwayError `unreadable-scores` naming the object and the line
 */
export async function* jsonLines<T>(lake: Lake, key: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  let count = 0;
  for await (const line of linesOf(lake.stream(key))) {
    const result = schema.safeParse(parsedJson(line));
    if (!result.success) {
      const problems = problemsOf(result.error, undefined).map(({ message, path }) => ({
        path: `${key}, line ${count + 1} ${path}`,
        message,
      }));
      throw new ModelwayError('unreadable-scores', 'modelway', problems);
    }
    count += 1;
    yield result.data;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
