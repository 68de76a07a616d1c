import type { z } from 'zod';

/** One operation of the API: a parsed request in, the answer's members out. */
export type Operation = (body: unknown) => Promise<Readonly<Record<string, unknown>>>;

/** Operations by name. */
export type Operations = Readonly<Record<string, Operation>>;

/** An operation whose request is read by `schema`; members that the schema does not name are kept. */
export function operation<T>(
  schema: z.ZodType<T>,
  act: (request: T) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>,
): Operation {
  return async (body) => act(schema.parse(body));
}
