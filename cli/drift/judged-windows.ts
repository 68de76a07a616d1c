import { z } from 'zod';
import type { Baseline } from '../../contracts/profile.ts';
import { DriftReportSchema } from '../../contracts/profile.ts';
import { type CompareOptions, compareProfiles } from '../../core/drift/compare-profiles.ts';
import { type ProfiledWindow, poolWindows } from '../../core/drift/pool-windows.ts';
import type { DriftSettings } from '../../core/drift/settings.ts';

const WindowSchema = z.object({ from: z.string(), to: z.string() });

/** The report of one window of a file; `pooled` names the windows it was judged with, itself first. */
export const JudgedWindowSchema = DriftReportSchema.extend({
  window: z.object({ rows: z.number(), ...WindowSchema.shape }),
  pooled: z.array(WindowSchema),
  /** What was pooled, in words; null when nothing was. */
  pooling: z.string().nullable(),
});
export type JudgedWindow = z.infer<typeof JudgedWindowSchema>;

/** Judges every window, oldest first, small ones together with those before them when `pool` says so. */
export function judgedWindows(
  baseline: Baseline,
  windows: readonly ProfiledWindow[],
  settings: DriftSettings,
  { seed, pool, ...options }: CompareOptions & { readonly seed: number; readonly pool: boolean },
): readonly JudgedWindow[] {
  const cache = options.cache ?? new Map<string, readonly number[]>();
  return windows.map((newest, index) => {
    const before = pool ? windows.slice(0, index).reverse() : [];
    const pooled = poolWindows(newest, before, settings.minimumRows);
    const report = compareProfiles(baseline, pooled.profile, settings, seed, {
      ...options,
      cache,
      spannedHours: pooled.spannedHours,
    });
    return {
      ...report,
      window: { rows: pooled.profile.rows, ...newest.window },
      pooled: [...pooled.windows],
      pooling: pooled.message ?? null,
    };
  });
}
