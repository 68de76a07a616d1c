import type { z } from 'zod';

/** One operation of the API: a parsed request in, the answer's members out. `caller` is an assumed-role ARN, or `root`. */
export type Operation = (body: unknown, caller?: string) => Promise<Readonly<Record<string, unknown>>>;

/** Operations by name. */
export type Operations = Readonly<Record<string, Operation>>;

/** An operation whose request is read by `schema`; members that the schema does not name are kept. */
export function operation<T>(
  schema: z.ZodType<T>,
  act: (request: T, caller?: string) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>,
): Operation {
  return async (body, caller) => act(schema.parse(body), caller);
}
