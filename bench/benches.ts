import type { Bench } from './bench.ts';
import { captureLines } from './capture-lines.ts';
import { driftNull } from './drift-null.ts';
import { driftParquet } from './drift-parquet.ts';
import { fleet } from './fleet.ts';
import { intake } from './intake.ts';
import { intakeHostile } from './intake-hostile.ts';
import { profile10m } from './profile-10m.ts';
import { qualityGoals } from './quality-goals.ts';
import { realisedCoverage } from './realised-coverage.ts';

/** Every benchmark there is. */
export const BENCHES: readonly Bench[] = [
  captureLines,
  driftNull,
  driftParquet,
  fleet,
  intake,
  intakeHostile,
  profile10m,
  qualityGoals,
  realisedCoverage,
];
