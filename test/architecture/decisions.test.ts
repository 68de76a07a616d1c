import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, textOf } from './checkout.ts';

test('the index of decisions lists every note once, and no other', () => {
  const notes = readdirSync(join(ROOT, 'docs', 'decisions')).filter((file) => file !== 'README.md');
  const listed = [...textOf('docs/decisions/README.md').matchAll(/\]\(([^)]+)\)/g)].map(([, file]) => file);
  expect(listed.sort()).toEqual(notes.sort());
});
