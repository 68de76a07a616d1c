import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { areaUnderCurve } from '../../core/quality/area-under-curve.ts';
import { confidenceBasedEstimate } from '../../core/quality/confidence-based.ts';
import { estimateQuality } from '../../core/quality/estimate.ts';
import { isotonicCalibration } from '../../core/quality/isotonic.ts';
import { fitQualityReference } from '../../core/quality/quality-reference.ts';
import { seededRandom } from '../../core/statistics/random.ts';
import type { BenchContext } from '../bench.ts';
import { countDay, SHIFTS } from './replicates.ts';
import { drawWorld, THRESHOLD, WORLD_FEATURES, type WorldRows } from './world.ts';

const AnswerSchema = z.object({ version: z.string(), auc: z.array(z.number()) });

/** Mean absolute errors of AUC on the same windows; `apart` is how far our CBPE lies from NannyML's on average. */
export interface PeerErrors {
  readonly version: string;
  readonly shifts: readonly { readonly shift: 'none' | 'cov .8'; readonly ours: number; readonly nannyml: number }[];
  readonly apart: number;
}

/** Estimates of NannyML's CBPE and of ours on the same files: one reference, windows without shift and with a strong one. */
export function againstNannyml({ root, scratch }: BenchContext, rows: number, windows: number): PeerErrors {
  const random = seededRandom(5);
  const heldOut = drawWorld(random, rows);
  const reference = fitQualityReference({ ...heldOut, features: WORLD_FEATURES, days: [], threshold: THRESHOLD });
  const drawn = (['none', 'cov .8'] as const).flatMap((shift) =>
    Array.from({ length: windows }, () => ({ shift, window: drawWorld(random, 5000, SHIFTS[shift]) })),
  );
  const files = { reference: join(scratch, 'reference.csv'), windows: join(scratch, 'windows.csv') };
  writeFileSync(files.reference, csv([heldOut]));
  writeFileSync(files.windows, csv(drawn.map(({ window }) => window)));
  const answer = AnswerSchema.parse(
    JSON.parse(
      execFileSync(
        join(root, '.venvs/bench-quality/bin/python'),
        [join(root, 'bench/peers/cbpe.py'), files.reference, files.windows, '5000'],
        {
          encoding: 'utf8',
          env: { ...process.env, NML_DISABLE_USAGE_LOGGING: '1' },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      ),
    ),
  );
  const calibrated = isotonicCalibration(heldOut);
  const errors = drawn.map(({ shift, window }, index) => {
    const realised = areaUnderCurve(window).value;
    const ours = estimateQuality(reference, countDay(reference, window, 0).counts)[0]?.value ?? Number.NaN;
    const theirs = answer.auc[index] ?? Number.NaN;
    const ourCbpe = confidenceBasedEstimate(calibrated, window.scores, THRESHOLD).auc;
    return {
      shift,
      ours: Math.abs(ours - realised),
      nannyml: Math.abs(theirs - realised),
      apart: Math.abs(theirs - ourCbpe),
    };
  });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const shifts = (['none', 'cov .8'] as const).map((shift) => {
    const own = errors.filter((error) => error.shift === shift);
    return { shift, ours: mean(own.map(({ ours }) => ours)), nannyml: mean(own.map(({ nannyml }) => nannyml)) };
  });
  return { version: answer.version, shifts, apart: mean(errors.map(({ apart }) => apart)) };
}

function csv(windows: readonly WorldRows[]): string {
  const lines = windows.flatMap(({ scores, labels }) =>
    scores.map((score, row) => `${score},${score >= THRESHOLD ? 1 : 0},${labels[row]}`),
  );
  return `score,predicted,label\n${lines.join('\n')}\n`;
}
