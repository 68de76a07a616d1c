import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnType } from '../../../core/business/business-expression.ts';
import { readyMetrics } from '../../../core/business/business-metrics.ts';
import { decodeRecord } from '../../../core/capture/decode-record.ts';
import { captureReader } from '../../../core/capture/fast/capture-reader.ts';
import { watchedFeatures } from '../../../core/profile/watched.ts';
import { batchCounter, qualityColumns, type RowOutcome } from '../../../core/quality/batch-counter.ts';
import { qualityCounter } from '../../../core/quality/quality-counter.ts';
import { fitQualitySetup } from '../../../core/quality/quality-setup.ts';
import { storeQualityWindow } from '../../../core/quality/stored-window.ts';
import { base64, captureLine } from '../capture/capture-line.ts';
import { DAY, rowsOf } from './quality-world.ts';

const COLUMNS = ['x', 'y', 'city', 'amount', 'sent'];
const features = watchedFeatures({
  features: [
    { kind: 'numeric', column: 'x' },
    { kind: 'numeric', column: 'y' },
    { kind: 'category', column: 'city' },
    { kind: 'hour', column: 'sent' },
  ],
});
const types = new Map<string, ColumnType>([
  ['amount', 'number'],
  ['city', 'text'],
]);
const metrics = readyMetrics(
  [
    { name: 'volume', unit: 'USD', expression: 'row.amount' },
    { name: 'abroad', unit: 'rows', expression: 'row.city == "Y" && label == 1 ? 1.0 : score' },
  ],
  types,
);
const heldOut = rowsOf(600, 6, 1).map((row, index) => ({
  ...row,
  instance: { ...row.instance, sent: `2001-01-01T${String(index % 24).padStart(2, '0')}:00:00Z` },
}));
const setup = fitQualitySetup({
  features,
  instances: heldOut.map(({ instance }) => instance),
  scores: heldOut.map(({ score }) => score),
  labels: heldOut.map(({ label }) => label ?? 0),
  days: heldOut.map(({ at }) => Math.floor((at ?? 0) / DAY)),
  threshold: 0.4,
  // By value, by range, and a column of numbers that is also a feature.
  slices: ['city', 'amount', 'x'],
  protected: ['city'],
  explained: { names: ['x', 'y', 'city'], shap: heldOut.map(({ shap }) => shap ?? []) },
  business: metrics,
});

/** An outcome that a row's id and place tell, and that some rows lack. */
function outcomeOf(id: string | undefined, place: number): RowOutcome {
  const known = ((id?.length ?? 0) + place) % 3;
  return known === 0 ? {} : { label: known === 1 ? 0 : 1, value: place, labelledAt: 20_000 * DAY };
}

function byRows(lines: readonly string[]) {
  const counter = qualityCounter(setup, features, metrics);
  for (const line of lines) {
    const request = decodeRecord(line, COLUMNS);
    if (request.kind === 'bad') continue;
    for (const [place, { instance, prediction }] of request.rows.entries())
      if (instance !== null && prediction !== null)
        counter.add({
          instance,
          at: Date.parse(request.at),
          ...prediction,
          ...outcomeOf(request.inferenceId, place),
        });
  }
  return storeQualityWindow(counter.window);
}

function byBatches(lines: readonly string[]) {
  const business = { metrics, columns: types };
  const counter = batchCounter(setup, features, business);
  const reader = captureReader(COLUMNS, [...features, ...qualityColumns(setup.segments, business)], {
    take: (batch) => counter.add(batch, (row) => outcomeOf(batch.idOf(row), batch.places[row] ?? 0)),
    bad: () => {},
  });
  reader.add(Buffer.from(lines.join('\n')));
  const { fast } = reader.end();
  return { fast, window: storeQualityWindow(counter.window) };
}

/** Days in one order, since batches of another package may come later than their lines did; sums to eleven digits. */
const comparable = (window: ReturnType<typeof byRows>): unknown =>
  JSON.parse(
    JSON.stringify({ ...window, days: [...window.days].sort((a, b) => (a.day ?? -1) - (b.day ?? -1)) }, (_, value) =>
      typeof value === 'number' ? Number(value.toPrecision(11)) + 0 : value,
    ),
  );

const cell = fc.oneof(
  fc.double({ min: -300, max: 300, noNaN: true }),
  fc.integer({ min: 0, max: 300 }),
  fc.constantFrom('X', 'Y', 'Z', '', ' ', '7', '7.0', 'quo"te', '2001-01-01T07:00:00Z', '1e400'),
  fc.boolean(),
  fc.constant(null),
);
const instance = fc.record({ x: cell, y: cell, city: cell, amount: cell, sent: cell }, { requiredKeys: [] });
const csv = fc
  .array(fc.oneof(fc.integer({ min: -9, max: 300 }).map(String), fc.constantFrom('', 'X', 'Y', '1.50', '1e3', 'no')), {
    minLength: 5,
    maxLength: 5,
  })
  .map((fields) => fields.join(','));
const input = fc.oneof(
  fc.array(instance, { minLength: 1, maxLength: 3 }).map((instances) => ({
    type: 'application/json',
    data: JSON.stringify({ instances }),
  })),
  fc.array(csv, { minLength: 1, maxLength: 3 }).map((rows) => ({ type: 'text/csv', data: rows.join('\n') })),
  csv.map((row) => ({ type: 'text/csv', data: base64(row), encoding: 'BASE64' as const })),
  fc.constant({ type: 'text/html', data: '<p>' }),
);
const prediction = fc.record(
  {
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    label: fc.constantFrom(0, 1),
    shap: fc.oneof(
      fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 }),
      fc.constantFrom<unknown>(null, [1, 2], ['1', '2', '3']),
    ),
  },
  { requiredKeys: ['score'] },
);
const output = fc.oneof(
  fc
    .record(
      {
        model_package: fc.constantFrom('arn:a/1', 'arn:a/2'),
        base_value: fc.double({ noNaN: true }),
        features: fc.constant(['x', 'y', 'city']),
        predictions: fc.array(prediction, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: ['predictions'] },
    )
    // As Python writes it.
    .map((answer) => ({ type: 'application/json', data: JSON.stringify(answer).replaceAll(',"', ', "') })),
  fc.double({ min: 0, max: 1, noNaN: true }).map((score) => ({ type: 'text/csv', data: String(score) })),
);
const line = fc
  .tuple(
    input,
    fc.option(output),
    fc.record({ inferenceId: fc.constantFrom('a', 'bb', 'ccc') }, { requiredKeys: [] }),
    fc.constantFrom('2001-02-03T23:59:59Z', '2001-02-04T00:00:00Z'),
  )
  .map(([asked, answered, names, inferenceTime]) =>
    captureLine(answered === null ? { input: asked } : { input: asked, output: answered }, { ...names, inferenceTime }),
  );

describe('batchCounter', () => {
  it('counts what qualityCounter counts of the rows that the general decoder reads, whatever the lines hold', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        expect(comparable(byBatches(lines).window)).toEqual(comparable(byRows(lines)));
      }),
      { numRuns: 80 },
    );
  });

  it('counts thousands of rows in batches as it counts few', () => {
    const lines = heldOut.flatMap(({ instance, score, shap }, index) =>
      [0, 1, 2, 3, 4].map((copy) =>
        captureLine(
          {
            input: { type: 'application/json', data: JSON.stringify({ instances: [instance] }) },
            output: {
              type: 'application/json',
              data: JSON.stringify({ model_package: `arn:a/${copy % 2}`, predictions: [{ score, shap }] }),
            },
          },
          { inferenceId: 'x'.repeat(1 + (index % 4)) },
        ),
      ),
    );
    const { fast, window } = byBatches(lines);
    expect(fast).toBe(lines.length);
    expect(comparable(window)).toEqual(comparable(byRows(lines)));
  });
});
