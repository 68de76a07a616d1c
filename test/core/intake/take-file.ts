import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type DataSchema, DataSchemaSchema } from '../../../contracts/data-schema.ts';
import { type Duck, openDuck } from '../../../core/duckdb.ts';
import type { ReadLimits } from '../../../core/intake/read/row-sink.ts';
import { type ValidatedFile, validateFile } from '../../../core/intake/validate-file.ts';

/** Validates contents in a folder that lives as long as the test file. */
export interface Intake {
  duck(): Duck;
  take(
    schema: DataSchema,
    name: string,
    content: string | Uint8Array,
    options?: { maxQuarantinedShare?: number; limits?: ReadLimits; now?: Date },
  ): Promise<ValidatedFile>;
  /** Quarantined rows of the file taken last, parsed. */
  quarantined(validated: ValidatedFile): readonly { row: number; raw: string; findings: readonly unknown[] }[];
  /** Accepted rows as stored, by column order. */
  stored(validated: ValidatedFile): Promise<readonly (readonly unknown[])[]>;
}

/** Sets up intake for a test file; call it once at the top. */
export function intakeForTests(): Intake {
  let folder = '';
  let duck: Duck | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'modelway-intake-'));
    duck = await openDuck({ folder });
  });
  afterAll(async () => {
    duck?.close();
    await rm(folder, { recursive: true, force: true });
  });
  const opened = (): Duck => {
    if (duck === undefined) throw new Error('the database is opened in beforeAll');
    return duck;
  };
  return {
    duck: opened,
    take: (schema, name, content, { maxQuarantinedShare = 1, limits, now } = {}) => {
      const own = mkdtempSync(join(folder, 'file-'));
      const path = join(own, 'upload');
      writeFileSync(path, content);
      return validateFile({
        schema,
        maxQuarantinedShare,
        path,
        name,
        folder: own,
        duck: opened(),
        ...(limits === undefined ? {} : { limits }),
        ...(now === undefined ? {} : { now }),
      });
    },
    quarantined: ({ quarantinePath }) =>
      quarantinePath === null
        ? []
        : readFileSync(quarantinePath, 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line)),
    stored: async ({ accepted }) => {
      const files = (accepted?.parts ?? []).map(({ path }) => `'${path}'`).join(', ');
      return files === '' ? [] : opened().rows(`SELECT * FROM read_parquet([${files}])`);
    },
  };
}

/** A schema from its plain form. */
export const schemaOf = (schema: unknown): DataSchema => DataSchemaSchema.parse(schema);
