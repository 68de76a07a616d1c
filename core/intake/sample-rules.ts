import type { DataSchema } from '../../contracts/data-schema.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Baseline } from '../../contracts/profile.ts';
import type { Instance } from '../../contracts/serving.ts';
import { compareProfiles } from '../drift/compare-profiles.ts';
import type { DriftSettings } from '../drift/settings.ts';
import { profileRows } from '../profile/profile-rows.ts';
import type { Findings } from './findings.ts';
import { numbersOf, type SampledRows } from './sampled-rows.ts';
import { separation } from './separation.ts';

/** Above this a column tells too much: no honest feature of a hard question comes near it. */
const DEFAULT_LEAKAGE_AUC = 0.99;
const SEED = 7;
/** Fewer rows are equal by chance. */
const LEAST_ROWS = 20;

/** The last accepted version of the data, to compare a new file with. */
export interface PreviousVersion {
  readonly baseline: Baseline;
  readonly features: ModelConfig['features'];
  readonly settings: DriftSettings;
}

/** Warns of columns that give the target away. Identifiers, whose values mean nothing, are left out. */
export function leakage(sample: SampledRows, schema: DataSchema, findings: Findings): void {
  const { target, leakageAuc = DEFAULT_LEAKAGE_AUC } = schema;
  if (target === undefined) return;
  const labels = sample.column(target);
  const known = labels.flatMap((label, row) => (label === null ? [] : [row]));
  const classes = known.map((row) => labels[row] === 'true' || labels[row] === '1');
  for (const column of schema.columns) {
    if (column.name === target || column.kind === 'identifier') continue;
    const values = sample.column(column.name);
    const cells = numbersOf(column, values);
    const auc =
      cells === undefined
        ? separation(
            known.map((row) => values[row] ?? null),
            classes,
          )
        : separation(
            known.map((row) => cells[row] ?? Number.NaN),
            classes,
          );
    if (auc === undefined || auc < leakageAuc) continue;
    findings.add({
      rule: 'leakage',
      row: null,
      column: column.name,
      value: null,
      message: `tells ${target} almost by itself (AUC ${auc.toFixed(3)} on ${known.length} rows); make sure it is known before the prediction, or leave it out`,
    });
  }
}

/** Warns of features that differ from the last accepted version more than chance and settings allow. */
export function driftAgainst(
  previous: PreviousVersion,
  sample: SampledRows,
  schema: DataSchema,
  findings: Findings,
): void {
  const { baseline, features, settings } = previous;
  const window = profileRows(baseline.profile, { features }, instances(sample, schema));
  for (const { drifted, name, message } of compareProfiles(baseline, window, settings, SEED).features)
    if (drifted)
      findings.add({
        rule: 'drift',
        row: null,
        column: name,
        value: null,
        message: `differs from the last accepted version: ${message}`,
      });
}

function instances(sample: SampledRows, schema: DataSchema): readonly Instance[] {
  const columns = schema.columns.map((column) => ({ column, values: sample.column(column.name) }));
  return Array.from({ length: sample.rows }, (_, row) =>
    Object.fromEntries(columns.map(({ column, values }) => [column.name, cellOf(column.kind, values[row] ?? null)])),
  );
}

function cellOf(kind: DataSchema['columns'][number]['kind'], text: string | null): Instance[string] {
  if (text === null) return null;
  if (kind === 'numeric') return Number(text);
  if (kind === 'boolean') return text === 'true';
  return kind === 'timestamp' ? `${text.replace(' ', 'T')}Z` : text;
}

/** Pairs of columns, stored alike, that are equal in every row of the sample: the only ones that can be equal everywhere. */
export function equalInSample(sample: SampledRows, schema: DataSchema): readonly (readonly [string, string])[] {
  if (sample.rows < LEAST_ROWS) return [];
  const first = new Map<string, string>();
  const pairs: [string, string][] = [];
  for (const { name, kind, integer } of schema.columns) {
    const values = sample.column(name);
    const stored = kind === 'categorical' || kind === 'identifier' ? 'text' : kind;
    const key = JSON.stringify([stored, integer === true, values]);
    const equal = first.get(key);
    if (equal === undefined) first.set(key, name);
    else pairs.push([equal, name]);
  }
  return pairs;
}
