import fc from 'fast-check';
import type { Feature } from '../../../../contracts/features.ts';
import type { Instance } from '../../../../contracts/serving.ts';
import { buildBaseline } from '../../../../core/profile/baseline.ts';
import { withPredictions } from '../../../../core/profile/predictions.ts';
import { base64, captureLine, type Side } from '../capture-line.ts';

/** Columns of a CSV request. */
export const COLUMNS = ['amount', 'country', 'placed', 'express', 'note'];
const features: Feature[] = [
  { kind: 'numeric', column: 'amount' },
  { kind: 'category', column: 'country' },
  { kind: 'hour', column: 'placed' },
  { kind: 'boolean', column: 'express' },
];
/** The model that was asked. */
export const model = { features, data: { columns: [{ name: 'note', kind: 'text' as const }] } };
const known: Instance[] = Array.from({ length: 300 }, (_, i) => ({
  amount: i / 8,
  country: ['US', 'DE', 'Zürich'][i % 3] ?? 'US',
  placed: `2001-01-01T${String(i % 24).padStart(2, '0')}:00:00Z`,
  express: i % 2 === 0,
  note: 'x'.repeat(i % 7),
}));
/** What it was trained on. */
export const baseline = withPredictions(
  buildBaseline(model, known),
  known.map((_, i) => i / 300),
  [],
  {},
).profile;

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.integer({ min: -9999, max: 9999 }).map((value) => value / 100),
  fc.constantFrom(0, -0, 1e22, 123456789012345680, 5e-324),
);
/** Numbers on the edges of bins and one unit in the last place beside them, spelt with more digits than doubles have. */
const atEdges = fc
  .tuple(
    fc.constantFrom(...(baseline.features.amount?.kind === 'numeric' ? baseline.features.amount.edges : [])),
    fc.constantFrom(-1n, 0n, 1n),
    fc.integer({ min: 16, max: 25 }),
  )
  .map(([edge, step, digits]) => {
    const [bits = 0n] = new BigInt64Array(Float64Array.of(edge).buffer);
    const [beside = 0] = new Float64Array(BigInt64Array.of(bits + (edge === 0 ? 0n : step)).buffer);
    return beside.toPrecision(digits);
  });
const value = fc.oneof(
  number,
  atEdges.map(Number),
  fc.constantFrom(
    'US',
    'DE',
    'Zürich',
    '',
    'true',
    '1',
    ' 7',
    '0x10',
    '1e3',
    '-',
    '2001-01-01T07:00:00Z',
    'quo"te',
    'a\\b',
  ),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const instance = fc.record(
  {
    amount: value,
    country: value,
    placed: value,
    express: value,
    note: value,
    other: value,
    __proto__: fc.constant(1),
  },
  { requiredKeys: [] },
);
const csvField = fc.oneof(
  number.map(String),
  atEdges,
  fc.constantFrom('', 'US', 'Zürich', '"DE, or"', ' 5', '007', '+1', '1.', '.5', '1e400', 'NaN', '"', 'x\ty'),
  fc.string({ maxLength: 4 }),
);
const csvRow = fc.oneof(
  { weight: 9, arbitrary: fc.array(csvField, { minLength: 5, maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(COLUMNS, [''], ['1', '2']) },
);

const encoded = (data: fc.Arbitrary<string>, type: string): fc.Arbitrary<Side> =>
  fc
    .tuple(data, fc.boolean(), fc.constantFrom('', '; charset=utf-8', '; charset=iso-8859-1'))
    .map(([text, hidden, charset]) =>
      hidden ? { type: type + charset, data: base64(text), encoding: 'BASE64' } : { type: type + charset, data: text },
    );
const input: fc.Arbitrary<Side> = fc.oneof(
  encoded(
    fc
      .tuple(fc.array(csvRow, { minLength: 1, maxLength: 3 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
      .map(([rows, newline, ends]) => rows.map((row) => row.join(',')).join(newline) + (ends ? newline : '')),
    'text/csv',
  ),
  encoded(
    fc.array(instance, { maxLength: 3 }).map((instances) => JSON.stringify({ instances })),
    'application/json',
  ),
  encoded(
    fc.array(instance, { minLength: 1, maxLength: 3 }).map((rows) => rows.map((row) => JSON.stringify(row)).join('\n')),
    'application/jsonlines',
  ),
  encoded(
    fc.array(value, { minLength: 4, maxLength: 6 }).map((row) => JSON.stringify({ features: row })),
    'application/json',
  ),
  encoded(fc.oneof(fc.string(), fc.json()), 'application/json'),
);
const output: fc.Arbitrary<Side> = fc.oneof(
  number.map((score): Side => ({ type: 'text/csv; charset=utf-8', data: String(score) })),
  fc.array(number, { maxLength: 3 }).map(
    (scores): Side => ({
      type: 'application/json',
      data: JSON.stringify({ predictions: scores.map((score) => ({ score })) }),
    }),
  ),
  fc.string().map((data): Side => ({ type: 'text/html', data })),
);
const metadata = fc.record(
  {
    inferenceId: fc.oneof(fc.uuid(), fc.string({ maxLength: 5 })),
    inferenceTime: fc.constantFrom('2001-02-03T04:05:06Z', '2001-02-03T04:05:07Z', 'today'),
  },
  { requiredKeys: [] },
);
/** Capture lines as they come, usual and odd, one in ten no capture line at all. */
export const line = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(input, fc.option(output), metadata)
      .map(([asked, answered, names]) =>
        captureLine(answered === null ? { input: asked } : { input: asked, output: answered }, names),
      ),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.string().map((text) => text.replaceAll('\n', '')),
      fc.constant('{}'),
    ),
  },
);
