import { z } from 'zod';

/** File of a model in which training wrote what it ran with: Python, platform, packages, threads. */
export const ENVIRONMENT_FILE = 'environment.json';

const EnvironmentSchema = z.looseObject({
  python: z.string().optional(),
  packages: z.record(z.string(), z.string()).optional(),
  threads: z.record(z.string(), z.string()).optional(),
});

/** An environment in a few words for a lineage record; null when the text is no environment. */
export function environmentText(text: string | undefined): string | null {
  const found = EnvironmentSchema.safeParse(parsed(text)).data;
  if (found?.python === undefined) return null;
  const packages = Object.keys(found.packages ?? {}).length;
  const threads = found.threads?.SM_NUM_CPUS;
  return [
    `Python ${found.python}`,
    `${packages} package${packages === 1 ? '' : 's'}`,
    ...(threads === undefined ? [] : [`${threads} threads`]),
  ].join(', ');
}

/** Version of each package of an environment; empty when the text is no environment. */
export const environmentPackages = (text: string | undefined): Readonly<Record<string, string>> =>
  EnvironmentSchema.safeParse(parsed(text)).data?.packages ?? {};

/** One setting that is not the same in two environments, by its path such as `packages.numpy`. */
export interface EnvironmentChange {
  readonly what: string;
  readonly original: string | null;
  readonly again: string | null;
}

/** What differs between two environments, sorted by name; empty when nothing does or one of them cannot be read. */
export function environmentChanges(
  original: string | undefined,
  again: string | undefined,
): readonly EnvironmentChange[] {
  const [before, after] = [flat(parsed(original)), flat(parsed(again))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .sort()
    .map((what) => ({ what, original: before.get(what) ?? null, again: after.get(what) ?? null }));
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function flat(value: unknown, path: readonly string[] = []): ReadonlyMap<string, string> {
  if (value === undefined) return new Map();
  if (typeof value !== 'object' || value === null) return new Map([[path.join('.'), String(value)]]);
  return new Map(Object.entries(value).flatMap(([name, item]) => [...flat(item, [...path, name])]));
}
