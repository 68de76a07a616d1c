import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schemaFiles } from '../../scripts/json-schemas.ts';
import { ROOT, textOf } from '../architecture/checkout.ts';

describe('the JSON Schemas in contracts/json', () => {
  test('are what the zod schemas say now (npm run schemas writes them)', () => {
    const files = schemaFiles();
    expect(readdirSync(join(ROOT, 'contracts', 'json')).sort()).toEqual([...files.keys()].sort());
    for (const [name, text] of files) expect(textOf(`contracts/json/${name}`), name).toBe(text);
  });
});
