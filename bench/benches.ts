import type { Bench } from './bench.ts';

/** Every benchmark there is. */
export const BENCHES: readonly Bench[] = [];
