import { expect, test } from 'vitest';
import { uploadKey } from '../../contracts/upload-keys.ts';

const FOLDER = 'inbox/flights/2001/';

test.each([
  ['inbox/flights/january.csv', { kind: 'file', model: 'flights' }],
  ['inbox/flights/january 2001 +50% ü#?&=.csv', { kind: 'file', model: 'flights' }],
  ['inbox/flights/%2e%2e%2fx.csv', { kind: 'file', model: 'flights' }],
  ['inbox/flights/labels', { kind: 'file', model: 'flights' }],
  ['inbox/flights/labels/x.csv', { kind: 'labels', model: 'flights' }],
  [`${FOLDER}part-0.csv`, { kind: 'member', model: 'flights', folder: FOLDER }],
  [`${FOLDER}a/part-0.csv`, { kind: 'member', model: 'flights', folder: `${FOLDER}a/` }],
  [`${FOLDER}manifest.json`, { kind: 'marker', model: 'flights', folder: FOLDER }],
  [`${FOLDER}_SUCCESS`, { kind: 'marker', model: 'flights', folder: FOLDER }],
  // A key is a name, not a path: what looks like a way out leads nowhere.
  ['inbox/flights/../other/x.csv', { kind: 'none' }],
  ['inbox/../x.csv', { kind: 'file', model: '..' }],
] as const)('%s is what its key says', (key, expected) => {
  expect(uploadKey(key)).toMatchObject(expected);
});

test.each([
  ['inbox/flights/manifest.json', /marks no folder/],
  ['inbox/flights/_SUCCESS', /marks no folder/],
  ['inbox/flights/.hidden.csv', /hidden, unfinished or a marker/],
  ['inbox/flights/january.csv.part', /hidden, unfinished or a marker/],
  [`${FOLDER}_temporary/0/_SUCCESS`, /hidden, unfinished or a marker/],
  [`${FOLDER}_temporary/0/part-0.csv`, /hidden, unfinished or a marker/],
  [`${FOLDER}.crc`, /hidden, unfinished or a marker/],
  // Labels come file by file; what tools write beside them is no label.
  ['inbox/flights/labels/_SUCCESS', /hidden, unfinished or a marker/],
  ['inbox/flights/labels/2001/manifest.json', /hidden, unfinished or a marker/],
  ['inbox/january.csv', /is not below inbox\/<model>\//],
  ['elsewhere/flights/january.csv', /is not below inbox\/<model>\//],
])('%s is nothing to take in, and why is said', (key, why) => {
  const read = uploadKey(key);
  expect(read.kind === 'none' ? read.why : read.kind).toMatch(why);
});

test.each(['inbox/flights/', `${FOLDER}`, 'inbox/'])('%s is the empty object of a console’s folder', (key) => {
  expect(uploadKey(key)).toEqual({ kind: 'none', why: null });
});
