import { z } from 'zod';

/** A message on the alert topic. */
export const AnnouncementSchema = z.object({
  subject: z.string(),
  message: z.string(),
  /** Anchor in the runbook, such as `training-failed`. */
  runbook: z.string(),
});
export type Announcement = z.infer<typeof AnnouncementSchema>;
