import type { ExecutionResult, Stage } from '../../../contracts/scenario.ts';

/** A field of a machine's output, however deep; the machines wrap a handler's answer in their own words. */
export function field(output: unknown, name: string): unknown {
  if (typeof output !== 'object' || output === null) return undefined;
  if (Object.hasOwn(output, name)) return Reflect.get(output, name);
  for (const inner of Object.values(output)) {
    const found = field(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Waits for a machine and fails the story unless it succeeded. */
export async function succeeded(stage: Stage, machine: string, since: Date): Promise<ExecutionResult> {
  const result = await stage.finished(machine, since, LONGEST_SECONDS);
  stage.expect(
    result.status === 'SUCCEEDED',
    `the ${machine} machine ended ${result.status}: ${result.error ?? 'no error'}: ${result.cause ?? 'no cause'}`,
  );
  return result;
}

/** Spot training may wait for capacity, and a canary bakes. */
const LONGEST_SECONDS = 4 * 3600;

/** Did an execution of a machine that began after `since` end by now? A machine that was not started never does. */
export async function hasRun(stage: Stage, machine: string, since: Date): Promise<boolean> {
  return stage.finished(machine, since, 0).then(
    () => true,
    () => false,
  );
}

/** A short name for a model package: the version at the end of its ARN. */
export function versionOf(packageArn: string): string {
  return `v${packageArn.split('/').at(-1) ?? packageArn}`;
}

/** `hours` after an instant. */
export function hoursAfter(from: Date, hours: number): Date {
  return new Date(from.getTime() + hours * 3_600_000);
}
