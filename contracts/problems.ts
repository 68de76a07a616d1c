import type { z } from 'zod';

/** One thing that is wrong with what a user gave us: where it is, what was found, and the change that mends it. */
export interface Problem {
  /** Where: `data.columns[2].kind`, a file name, or a row and column. Empty when it concerns the whole. */
  readonly path: string;
  /** What is wrong and what is allowed: lower case, no full stop. */
  readonly message: string;
  /** The value got, cut to 200 characters; left out when there was none. */
  readonly got?: string;
  /** The change to make. */
  readonly fix?: string;
}

/** Whose fault a failure is: `input` is mended by the user, `modelway` is a bug, `aws` is the service's. */
export type Fault = 'input' | 'modelway' | 'aws';

/** The one error class that is thrown across rooms; carries every problem found, not the first. */
export class ModelwayError extends Error {
  readonly code: string;
  readonly fault: Fault;
  readonly problems: readonly Problem[];

  /** @param code a word that names the kind of failure, such as `invalid-config`; never a number */
  constructor(code: string, fault: Fault, problems: readonly Problem[], options?: ErrorOptions) {
    super(`${code}: ${problems.map(describeProblem).join('; ')}`, options);
    this.name = 'ModelwayError';
    this.code = code;
    this.fault = fault;
    this.problems = problems;
  }
}

/** The one-line wording of a problem, used by the command line and by error messages alike. */
export function describeProblem(problem: Problem): string {
  const where = problem.path === '' ? '' : `${problem.path}: `;
  const got = problem.got === undefined ? '' : ` (got ${problem.got})`;
  const fix = problem.fix === undefined ? '' : `; ${problem.fix}`;
  return `${where}${problem.message}${got}${fix}`;
}

/** Shows any value in at most 200 characters, for `Problem.got`. */
export function shownValue(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

/** All issues of a failed zod parse as problems, with the value found at each path. */
export function problemsOf(error: z.ZodError, input: unknown): Problem[] {
  return error.issues.map((issue) => ({
    path: pathText(issue.path),
    message: issue.message.charAt(0).toLowerCase() + issue.message.slice(1),
    ...gotAt(input, issue.path),
  }));
}

/** Parses `input`, or throws a `ModelwayError` that names every problem. */
export function parseOrThrow<T>(schema: z.ZodType<T>, input: unknown, code: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ModelwayError(code, 'input', problemsOf(result.error, input));
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );
}

function gotAt(input: unknown, path: readonly PropertyKey[]): { got?: string } {
  let value: unknown = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return {};
    value = Reflect.get(value, key);
  }
  return { got: shownValue(value) };
}
