import { expect, test } from 'vitest';
import { monitoringCron } from '../../lib/model-triggers.ts';

test.each([
  ['hour', 15, 'cron(15 * * * ? *)'],
  ['hour', 90, 'cron(30 * * * ? *)'],
  ['day', 30, 'cron(30 0 * * ? *)'],
  ['day', 720, 'cron(0 12 * * ? *)'],
  ['week', 60, 'cron(0 1 ? * MON *)'],
] as const)('a window of one %s is judged %i minutes after it closes: %s', (every, lagMinutes, cron) => {
  expect(monitoringCron({ every, lagMinutes })).toBe(cron);
});
