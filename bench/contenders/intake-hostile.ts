import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDuck } from '../../core/duckdb.ts';
import { reportHtml } from '../../core/intake/report-html.ts';
import { validateFile } from '../../core/intake/validate-file.ts';
import { HOSTILE_SCHEMA, hostileFile } from '../hostile-file.ts';
import { outcomeProblem } from '../hostile-outcome.ts';
import { contender } from './own-cost.ts';

/**
 * `FOLDER PARQUET FROM TO`: takes in the hostile files of these seeds one after the other, with one database, and prints a line for each:
 * its seed, its milliseconds, and what is wrong with its report, if anything.
 */
contender(async ([folder = '', parquet = '', from = '', to = '']) => {
  const sample = await readFile(parquet);
  const duck = await openDuck({ folder, memoryMegabytes: 128 });
  for (let seed = Number(from); seed < Number(to); seed++) {
    const { what, name, bytes, expected } = hostileFile(seed, sample);
    const own = join(folder, String(seed));
    await mkdir(own);
    const path = join(own, 'upload');
    await writeFile(path, bytes);
    const before = performance.now();
    const { report } = await validateFile({
      schema: HOSTILE_SCHEMA,
      maxQuarantinedShare: 1,
      path,
      name,
      folder: own,
      duck,
    });
    const milliseconds = Math.round(performance.now() - before);
    const live = /<(script|img)|onerror=/i.test(reportHtml(report, name).replaceAll(/<script>[^<]*<\/script>/g, ''));
    const problem = live ? 'the page of its report is live' : outcomeProblem(expected, report);
    process.stdout.write(
      `${JSON.stringify({ seed, milliseconds, ...(problem === undefined ? {} : { problem: `${what}: ${problem}` }) })}\n`,
    );
    await rm(own, { recursive: true });
  }
  duck.close();
});
