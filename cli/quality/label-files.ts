import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ModelwayError } from '../../contracts/problems.ts';
import { type LabelIndex, labelIndex } from '../../core/labels/label-index.ts';
import { readLabels } from '../../core/labels/read-labels.ts';
import type { Io } from '../io.ts';
import { expandFiles } from '../validate/expand-files.ts';

/** Late labels, and the newest moment they tell of. */
export interface LateLabels {
  readonly index: LabelIndex;
  /** Epoch milliseconds. */
  readonly newest: number;
}

/** Reads label files and folders; bad lines are told and left out. A label without `at` became known when its file was last written. */
export async function lateLabels(paths: readonly string[], io: Io): Promise<LateLabels> {
  const index = labelIndex();
  let newest = Number.NEGATIVE_INFINITY;
  for (const file of await expandFiles(paths, io.cwd)) {
    const path = resolve(io.cwd, file);
    const arrivedAt = (await stat(path)).mtimeMs;
    const { labels, bad, badLines } = await named(file, () =>
      readLabels(createReadStream(path), (label) => {
        index.add(label, arrivedAt);
        newest = Math.max(newest, label.at === undefined ? arrivedAt : Date.parse(label.at));
      }),
    );
    io.err(`${file}: ${labels} labels${bad === 0 ? '' : `, ${bad} bad lines left out`}\n`);
    for (const { line, reason } of badLines) io.err(`  line ${line}: ${reason}\n`);
  }
  return { index, newest };
}

async function named<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (!(cause instanceof ModelwayError)) throw cause;
    const problems = cause.problems.map((problem) => ({
      ...problem,
      path: problem.path === '' ? file : `${file}, ${problem.path}`,
    }));
    throw new ModelwayError(cause.code, cause.fault, problems, { cause });
  }
}
