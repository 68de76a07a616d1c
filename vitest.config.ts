import { defineConfig } from 'vitest/config';

/** Two projects: quick tests side by side, then the journeys (whole rehearsals) one after the other. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: ['test/journeys/**'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['contracts/**/*.ts', 'core/**/*.ts'], reporter: ['text-summary', 'html'] },
  },
});
