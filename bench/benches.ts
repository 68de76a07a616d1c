import type { Bench } from './bench.ts';
import { driftNull } from './drift-null.ts';
import { fleet } from './fleet.ts';
import { qualityGoals } from './quality-goals.ts';

/** Every benchmark there is. */
export const BENCHES: readonly Bench[] = [driftNull, fleet, qualityGoals];
