import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { kolmogorovSmirnov } from '../../core/drift/kolmogorov-smirnov.ts';
import { wasserstein } from '../../core/drift/wasserstein.ts';
import { quantileEdges } from '../../core/profile/edges.ts';
import { levelCounts } from '../../core/profile/levels.ts';
import { profileNumbers } from '../../core/profile/numeric.ts';
import type { BenchContext, Figure } from '../bench.ts';

const ExactSchema = z.object({
  scipy: z.string(),
  found: z.record(z.string(), z.object({ ks: z.number(), wasserstein: z.number(), iqr: z.number() })),
});

/** Largest difference of the binned Kolmogorov–Smirnov and Wasserstein distances from scipy's exact ones. */
export function exactFigures({ root, scratch, quick }: BenchContext): readonly Figure[] {
  const rows = quick ? 50_000 : 1_000_000;
  const python = join(root, '.venvs', 'container', 'bin', 'python');
  const script = join(root, 'bench', 'drift-null', 'exact.py');
  const text = execFileSync(python, [script, scratch, String(rows)], { encoding: 'utf8' });
  const { scipy, found } = ExactSchema.parse(JSON.parse(text));
  const errors = Object.entries(found).map(([name, exact]) => {
    const { before, after } = profilesOf(join(scratch, `${name}.f64`), rows);
    const fifty = kolmogorovSmirnov(levelCounts(before, before, 50), levelCounts(before, after, 50));
    return {
      fifty: Math.abs(fifty - exact.ks),
      stored: Math.abs(kolmogorovSmirnov(before.counts, after.counts) - exact.ks),
      wasserstein: Math.abs(wasserstein(before, after) - exact.wasserstein) / exact.iqr,
    };
  });
  const worst = (of: (error: (typeof errors)[number]) => number) => Math.max(...errors.map(of));
  const note = `${errors.length} pairs of ${rows} rows, scipy ${scipy}`;
  return [
    {
      what: 'KS, largest error at 50 bins',
      value: worst(({ fifty }) => fifty),
      unit: '',
      goal: { atMost: 0.0003 },
      note,
    },
    {
      what: 'KS, largest error at the stored bins',
      value: worst(({ stored }) => stored),
      unit: '',
      goal: { atMost: 0.0003 },
    },
    { what: 'Wasserstein, largest error', value: worst((error) => error.wasserstein), unit: 'IQR' },
  ];
}

/** The first half of a file of doubles is the baseline, the second the window. */
function profilesOf(file: string, rows: number) {
  const bytes = readFileSync(file);
  const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const edges = quantileEdges(values.slice(0, rows));
  return {
    before: profileNumbers(edges, values.subarray(0, rows)),
    after: profileNumbers(edges, values.subarray(rows)),
  };
}
