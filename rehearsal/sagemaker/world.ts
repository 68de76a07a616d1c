import type { Control } from '../sidecar/control.ts';
import type { SidecarEnvironment } from '../sidecar/environment.ts';
import type { ActAs } from './role-actions.ts';
import { JobFailure } from './service-error.ts';
import type { SageMakerSettings } from './settings.ts';

/** Everything around the SageMaker emulator: the clock, the rights of roles, where its processes run. */
export interface World {
  readonly control: Control;
  readonly actAs: ActAs;
  readonly settings: SageMakerSettings;
  readonly sidecar: SidecarEnvironment;
  /** Ends every process this emulator started. */
  readonly processes: Set<{ kill(): void }>;
}

/** Tells the rehearsal of a problem and prints it with its stack. */
export function report(world: World, where: string, error: unknown): void {
  const what = error instanceof Error ? error.message : String(error);
  console.error('PROBLEM', where, error);
  world.control.problem(`${where}: ${what}`).catch(console.error);
}

/**
 * Starts work that outlives its request. It holds a token of the clock before the request's own is given back, so that no leap
 * slips between; it never rejects.
 */
export async function inBackground(world: World, where: string, work: () => Promise<void>): Promise<void> {
  await world.control.hold();
  void work()
    .catch((error: unknown) => report(world, where, error))
    .then(() => world.control.release())
    .catch((error: unknown) => report(world, `${where}: the clock`, error));
}

/** The reason a job gives for failing; what is not a failure of the job itself is also a problem of the rehearsal. */
export function failureReason(world: World, where: string, error: unknown): string {
  if (error instanceof JobFailure) return error.message;
  report(world, where, error);
  return `InternalServerError: ${error instanceof Error ? error.message : String(error)}`;
}
