import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { ModelwayError, type Problem, problemsOf } from '../../contracts/problems.ts';
import {
  ConstraintsSchema,
  type MonitorConstraints,
  type MonitorStatistics,
  type NumericalStatistics,
  StatisticsSchema,
  type StringStatistics,
} from './monitor-schema.ts';

/** Both files of a Model Monitor baseline. */
export interface MonitorFiles {
  readonly statistics: MonitorStatistics;
  readonly constraints: MonitorConstraints;
}

/** The sketches of thousands of columns stay far below this. */
const MOST_BYTES = 200 * 2 ** 20;

/**
 * Reads `statistics.json` and `constraints.json` of a folder.
 * @throws ModelwayError `invalid-monitor-files` with every problem of both
 */
export async function monitorFiles(folder: string): Promise<MonitorFiles> {
  const statistics = await parsed(folder, 'statistics.json', StatisticsSchema);
  const constraints = await parsed(folder, 'constraints.json', ConstraintsSchema);
  const problems = [
    ...statistics.problems,
    ...constraints.problems,
    ...(statistics.value === undefined ? [] : statisticsProblems(statistics.value)),
  ];
  if (statistics.value === undefined || constraints.value === undefined || problems.length > 0)
    throw new ModelwayError('invalid-monitor-files', 'input', problems);
  return { statistics: statistics.value, constraints: constraints.value };
}

interface Parsed<T> {
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

async function parsed<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<Parsed<T>> {
  const refused = (message: string, fix: string): Parsed<T> => ({
    value: undefined,
    problems: [{ path: name, message, fix }],
  });
  const file = join(folder, name);
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true)
    return refused(
      `is not in ${folder}`,
      'name the folder that a baseline job wrote to; copy it first: aws s3 cp --recursive S3_URI DIR',
    );
  if (found.size > MOST_BYTES) return refused(`is larger than ${MOST_BYTES} bytes`, 'name a baseline job’s own file');
  const input = jsonOf(await readFile(file, 'utf8'));
  if (input === undefined) return refused('is not whole JSON', 'copy it again, the file may be cut off');
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data, problems: [] };
  return {
    value: undefined,
    problems: problemsOf(result.error, input).map((problem) => ({
      ...problem,
      path: problem.path === '' ? name : `${name}: ${problem.path}`,
      fix: 'use the files of a Model Monitor data-quality baseline as they were written',
    })),
  };
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** What a schema cannot say: names once, the statistics of the type, buckets in order, counts that add up. */
function statisticsProblems({ features }: MonitorStatistics): readonly Problem[] {
  const seen = new Set<string>();
  return features.flatMap((feature, index) => {
    const path = `statistics.json: features[${index}] (${feature.name})`;
    const problem = (message: string): Problem => ({ path, message, fix: 'run the baseline job again' });
    const twice = seen.has(feature.name);
    seen.add(feature.name);
    const { numerical_statistics: numbers, string_statistics: texts } = feature;
    return [
      ...(twice ? [problem('is there twice')] : []),
      ...(feature.inferred_type !== 'Unknown' && numbers === undefined && texts === undefined
        ? [problem(`is ${feature.inferred_type} and has no statistics`)]
        : []),
      ...(numbers === undefined ? [] : bucketProblems(numbers).map(problem)),
      ...(texts === undefined ? [] : valueProblems(texts).map(problem)),
    ];
  });
}

/** Sketches are approximate: their counts may miss the rows by this share. */
const TOLERANCE = 0.02;

function bucketProblems({ common, distribution }: NumericalStatistics) {
  const buckets = distribution?.kll.buckets ?? [];
  const ordered = buckets.every(
    ({ lower_bound, upper_bound }, index) =>
      lower_bound <= upper_bound && lower_bound >= (buckets[index - 1]?.upper_bound ?? lower_bound),
  );
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  const adds = Math.abs(total - common.num_present) <= Math.max(1, TOLERANCE * common.num_present);
  return [
    ...(ordered ? [] : ['has buckets that overlap or run backwards']),
    ...(buckets.length === 0 || adds ? [] : [`has ${total} rows in its buckets and ${common.num_present} present`]),
  ];
}

function valueProblems({ common, distribution }: StringStatistics) {
  const buckets = distribution?.categorical.buckets ?? [];
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  const twice = new Set(buckets.map(({ value }) => value)).size < buckets.length;
  return [
    ...(total <= common.num_present ? [] : [`has ${total} rows in its values and ${common.num_present} present`]),
    ...(twice ? ['names a value twice'] : []),
  ];
}
