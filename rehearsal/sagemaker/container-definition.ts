import { z } from 'zod';

/** A container of a model or of a model package. */
export const ContainerSchema = z.looseObject({
  Image: z.string().optional(),
  ModelDataUrl: z.string().optional(),
  ModelPackageName: z.string().optional(),
  Environment: z.record(z.string(), z.string()).optional(),
});
export type Container = z.infer<typeof ContainerSchema>;
