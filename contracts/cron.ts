import { z } from 'zod';

/** A cron expression of EventBridge Scheduler, in UTC. */
export const CronSchema = z
  .string()
  .regex(/^cron\([^()]{9,100}\)$/, 'must be an EventBridge Scheduler cron expression, in UTC');
