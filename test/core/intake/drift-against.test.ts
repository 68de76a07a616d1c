import { expect, test } from 'vitest';
import { collectFindings } from '../../../core/intake/findings.ts';
import { driftAgainst } from '../../../core/intake/sample-rules.ts';
import { sampledRows } from '../../../core/intake/sampled-rows.ts';
import { buildBaseline } from '../../../core/profile/baseline.ts';
import { seededRandom } from '../../../core/statistics/random.ts';
import { schemaOf } from './take-file.ts';

const schema = schemaOf({
  columns: [
    { name: 'amount', kind: 'numeric' },
    { name: 'colour', kind: 'categorical', nullable: true },
    { name: 'old', kind: 'boolean' },
  ],
});
const features = schema.columns.map(({ name, kind }) =>
  kind === 'numeric'
    ? { kind: 'numeric' as const, column: name }
    : kind === 'boolean'
      ? { kind: 'boolean' as const, column: name }
      : { kind: 'category' as const, column: name },
);
const settings = { falseAlarmsPerMonth: 0.1, windowHours: 24, effectFloor: 0.05, minimumRows: 100, notComparable: [] };

/** Rows of a file whose amounts are shifted, and whose colours are less often red, by so much. */
function rows(seed: number, shift: number, fading = 0) {
  const random = seededRandom(seed);
  return Array.from({ length: 4000 }, () => ({
    amount: random() + shift,
    colour: random() < 0.5 - fading ? 'red' : 'green',
    old: random() < 0.5,
  }));
}

const baseline = buildBaseline({ features }, rows(1, 0));
function found(file: ReturnType<typeof rows>): readonly (string | null)[] {
  const findings = collectFindings();
  const lines = file.map(({ amount, colour, old }) => `${amount},"${colour}",${old}`);
  driftAgainst({ baseline, features, settings }, sampledRows(lines, schema), schema, findings);
  for (const { rule, severity, message } of findings.kept) {
    expect([rule, severity]).toEqual(['drift', 'warn']);
    expect(message).toMatch(/^differs from the last accepted version: /);
  }
  return findings.kept.map(({ column }) => column);
}

test('a file of the same world is not warned of', () => {
  expect(found(rows(2, 0))).toEqual([]);
});

test('features that moved are named, the others are not', () => {
  expect(found(rows(3, 0.4))).toEqual(['amount']);
  expect(found(rows(4, 0.4, 0.3))?.toSorted()).toEqual(['amount', 'colour']);
});

test('too few rows for a verdict give none', () => {
  expect(found(rows(5, 0.4).slice(0, 50))).toEqual([]);
});
