import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type ModelConfig, targetOf } from '../../contracts/model-config.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import type { Instance } from '../../contracts/serving.ts';
import { type Duck, type DuckValue, quoteName, quoteText } from '../duckdb.ts';
import { isoInstant } from '../intake/whole-file-rules.ts';
import { checkSplit, type SplitCheck } from './check-split.ts';
import { rowText, SETS, type SetName, type SplitRule, splitRows } from './split-rows.ts';

/** Larger test sets are sampled: at this size an AUC is known to a few thousandths, and scoring costs on. */
export const MOST_TEST_ROWS = 100_000;

export interface FrozenSnapshot {
  readonly rule: SplitRule;
  readonly rows: Readonly<Record<SetName, number>>;
  /** Rows that are in no set, by reason. */
  readonly leftOut: { readonly withoutTarget: number; readonly entityOverlap: number; readonly testSampledOut: number };
  readonly checked: SplitCheck;
  readonly paths: {
    readonly train: string;
    readonly validation: string;
    readonly testFeatures: string;
    readonly testLabels: string;
  };
}

/**
 * Divides stored rows into the sets of one run and writes them below `folder`. The order of the files is the order of the rows,
 * so the same parts always give the same bytes to train on.
 * @throws ModelwayError `unusable-snapshot` when a set would be empty or the training set has one class only
 */
export async function freezeSnapshot(
  model: ModelConfig,
  parts: readonly string[],
  folder: string,
  duck: Duck,
): Promise<FrozenSnapshot> {
  const { data } = model;
  const target = quoteName(targetOf(model));
  const columns = data.columns.map(({ name }) => quoteName(name)).join(', ');
  const files = parts.map(quoteText).join(', ');
  await duck.run(`CREATE OR REPLACE VIEW stored AS SELECT ${columns} FROM read_parquet([${files}])`);
  await duck.run(`CREATE OR REPLACE VIEW labelled AS SELECT * FROM stored WHERE ${target} IS NOT NULL`);
  const { rule, setOf } = await splitRows('labelled', data, model.training, duck);
  const counts = await countSets(setOf, target, duck);
  requireUsable(counts);
  const checked = await checkSplit('labelled', setOf, data, parts.length, duck);

  const path = (name: string) => join(folder, name);
  for (const set of ['train', 'validation'] as const)
    await duck.run(
      `COPY (SELECT ${columns} FROM labelled WHERE (${setOf}) = '${set}') TO ${quoteText(path(`${set}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`,
    );
  const test = sampled(`SELECT ${columns} FROM labelled WHERE (${setOf}) = 'test'`, counts.test, MOST_TEST_ROWS, model);
  const written = await writeTestSet(model, test, path('features.jsonl'), path('labels.jsonl'), duck);
  const [[withoutTarget = 0] = []] = await duck.rows(`SELECT count(*) FROM stored WHERE ${target} IS NULL`);
  return {
    rule,
    rows: { train: counts.train, validation: counts.validation, test: written },
    leftOut: {
      withoutTarget: Number(withoutTarget),
      entityOverlap: counts.nowhere,
      testSampledOut: counts.test - written,
    },
    checked,
    paths: {
      train: path('train.parquet'),
      validation: path('validation.parquet'),
      testFeatures: path('features.jsonl'),
      testLabels: path('labels.jsonl'),
    },
  };
}

interface SetCounts extends Record<SetName, number> {
  readonly nowhere: number;
  /** How many different targets the training set has. */
  readonly classes: number;
}

async function countSets(setOf: string, target: string, duck: Duck): Promise<SetCounts> {
  const found = await duck.rows(
    `SELECT coalesce(${setOf}, 'nowhere') AS set_, count(*), count(DISTINCT ${target}) FROM labelled GROUP BY set_`,
  );
  const count = (set: string) => Number(found.find(([name]) => name === set)?.[1] ?? 0);
  const classes = Number(found.find(([name]) => name === 'train')?.[2] ?? 0);
  return {
    train: count('train'),
    validation: count('validation'),
    test: count('test'),
    nowhere: count('nowhere'),
    classes,
  };
}

function requireUsable(counts: SetCounts): void {
  const empty = SETS.filter((set) => counts[set] === 0);
  const problems = empty.map((set) => ({
    path: set,
    message: `the ${set} set would have no rows`,
    got: JSON.stringify(counts),
    fix: 'add data, change testShare or validationShare, or leave out entity when entities come again in every period',
  }));
  if (problems.length === 0 && counts.classes < 2)
    problems.push({
      path: 'train',
      message: 'every training row has the same target',
      got: JSON.stringify(counts),
      fix: 'add rows of the other class',
    });
  if (problems.length > 0) throw new ModelwayError('unusable-snapshot', 'input', problems);
}

/** A query that keeps at most `most` rows, chosen by their content, in their order. */
function sampled(query: string, rows: number, most: number, model: ModelConfig): string {
  if (rows <= most) return query;
  // Hashes are even, so this share of them leaves about `most` rows; the limit cuts what is over.
  const share = Math.floor((most / rows) * 2 ** 32);
  const point = `CAST('0x' || substr(md5('sample' || ${rowText(model.data)}), 1, 8) AS BIGINT)`;
  return `SELECT * FROM (${query}) WHERE ${point} < ${share} LIMIT ${most}`;
}

async function writeTestSet(model: ModelConfig, query: string, featuresPath: string, labelsPath: string, duck: Duck) {
  const [features, labels] = [createWriteStream(featuresPath), createWriteStream(labelsPath)];
  let rows = 0;
  for await (const { instance, label } of instances(model, query, duck)) {
    rows++;
    const room = features.write(`${JSON.stringify(instance)}\n`);
    labels.write(`${label}\n`);
    if (!room) await once(features, 'drain');
  }
  // Golden rows are scored with the test rows, so that one batch job answers for both.
  for (const { instance } of model.gates.goldenRows) features.write(`${JSON.stringify(instance)}\n`);
  features.end();
  labels.end();
  await Promise.all([finished(features), finished(labels)]);
  return rows;
}

/** Rows of a query as instances without the target, and the target as 0 or 1. */
async function* instances(
  model: ModelConfig,
  query: string,
  duck: Duck,
): AsyncGenerator<{ readonly instance: Instance; readonly label: 0 | 1 }> {
  const { columns } = model.data;
  const select = columns.map(({ name, kind }) => {
    if (kind === 'numeric') return `CAST(${quoteName(name)} AS DOUBLE)`;
    return kind === 'timestamp' ? `CAST(${quoteName(name)} AS VARCHAR)` : quoteName(name);
  });
  for await (const chunk of duck.columns(`SELECT ${select.join(', ')} FROM (${query})`)) {
    const count = chunk[0]?.length ?? 0;
    for (let row = 0; row < count; row++) {
      const instance: Record<string, string | number | boolean | null> = {};
      let label: 0 | 1 = 0;
      for (const [index, { name, kind }] of columns.entries()) {
        const value = chunk[index]?.[row] ?? null;
        if (name === model.data.target) label = value === true || value === 1 ? 1 : 0;
        else instance[name] = plain(value, kind === 'timestamp');
      }
      yield { instance, label };
    }
  }
}

function plain(value: DuckValue, timestamp: boolean): string | number | boolean | null {
  if (typeof value === 'bigint') return Number(value);
  return timestamp && typeof value === 'string' ? isoInstant(value) : value;
}
