import { defineModel } from '../../contracts/model-config.ts';

/**
 * Will a flight arrive more than 15 minutes late? Real US flights of January to June 2001; times are the airports' local times,
 * written as if they were UTC. See README.md for where the columns and the settings come from.
 */
export const flightDelay = defineModel({
  name: 'flight-delay',
  description: 'Will a flight arrive more than 15 minutes late?',
  data: {
    columns: [
      { name: 'scheduled', kind: 'timestamp' },
      { name: 'origin', kind: 'categorical', pattern: '^[A-Z]{3}$' },
      { name: 'destination', kind: 'categorical', pattern: '^[A-Z]{3}$' },
      { name: 'distance', kind: 'numeric', min: 1, max: 6000 },
      // Minutes; missing where nothing left that airport early enough to be known of.
      { name: 'origin_delay_2h', kind: 'numeric', nullable: true, min: -180, max: 1800 },
      { name: 'late', kind: 'boolean' },
    ],
    target: 'late',
    time: 'scheduled',
  },
  features: [
    { kind: 'hour', column: 'scheduled' },
    { kind: 'weekday', column: 'scheduled' },
    { kind: 'numeric', column: 'distance' },
    { kind: 'category', column: 'origin' },
    { kind: 'category', column: 'destination' },
    { kind: 'numeric', column: 'origin_delay_2h' },
  ],
  training: {
    source: 'examples/flight-delay/training',
    // GPUs first; a CPU takes over where there is none to be had.
    instances: ['ml.g5.xlarge', 'ml.g4dn.xlarge', 'ml.m5.2xlarge'],
    spot: { maxWaitSeconds: 7200 },
    maxRuntimeSeconds: 3600,
    hyperparameters: {
      num_round: 150,
      early_stopping_rounds: 20,
      max_depth: 4,
      eta: 0.1,
      min_child_weight: 50,
      subsample: 0.7,
      colsample_bytree: 0.7,
    },
  },
  gates: {
    minimumAuc: 0.6,
    nonInferiorityMargin: 0.01,
    goldenRows: [
      {
        name: 'an evening flight out of an airport in trouble is likely to be late',
        instance: {
          scheduled: '2001-01-19T19:30:00Z',
          origin: 'ORD',
          destination: 'LGA',
          distance: 733,
          origin_delay_2h: 90,
        },
        atLeast: 0.5,
      },
      {
        name: 'an early flight out of a quiet airport is likely to be on time',
        instance: {
          scheduled: '2001-01-17T06:15:00Z',
          origin: 'SLC',
          destination: 'BOI',
          distance: 291,
          origin_delay_2h: 0,
        },
        atMost: 0.2,
      },
    ],
  },
  serving: {
    kind: 'realtime',
    instanceType: 'ml.m5.large',
    instanceCount: 2,
    strategy: { kind: 'canary', percent: 50, bakeSeconds: 600, keepOldSeconds: 300 },
    rollback: { errorShare: 0.01, latencyMilliseconds: 500, periodSeconds: 60 },
  },
  monitoring: {
    every: 'week',
    // Five months are played at once: hourly counting, the default, would be 3,600 invocations of which nobody learns more.
    reconcileEvery: 'week',
    lagMinutes: 60,
    minimumRows: 1000,
    falseAlarmsPerMonth: 0.1,
    effectFloor: 0.05,
  },
  // Uploads are whole months or quarters: the newest one is enough to learn from, and closest to what comes next.
  retraining: { onNewData: 'first', onDrift: true, cooldownHours: 24, newestVersions: 1 },
  approval: 'automatic',
});
