import { expect } from 'vitest';
import type { ModelConfig } from '../../../contracts/model-config.ts';
import { type DatasetDetail, DatasetDetailSchema } from '../../../contracts/records.ts';
import { sha256 } from '../../../core/lineage/canonical-json.ts';
import type { IntakeTools } from '../../../lambdas/intake/intake-tools.ts';
import type { MemoryLake } from '../memory-lake.ts';
import type { MemoryLineage } from '../memory-lineage.ts';

/** Tools of intake in memory. Versions of objects are those that the lake keeps under `key?versionId`, the last one set the newest. */
export function intakeTools(
  lake: MemoryLake,
  lineage: MemoryLineage,
  { now = new Date('2001-02-03T04:05:06Z') }: { readonly now?: Date } = {},
): IntakeTools {
  return {
    platform: 'modelway',
    lake,
    lineage,
    now: () => now,
    writeOnce: async (key, body, contentType) => {
      if (lake.objects.has(key)) return 'exists';
      await lake.putBytes(key, body, contentType);
      return 'written';
    },
    versions: async function* (prefix) {
      const seen = new Set<string>();
      const all = [...lake.objects].filter(([name]) => name.startsWith(prefix) && name.includes('?')).reverse();
      const named = all.map(([name, bytes]) => {
        const at = name.lastIndexOf('?');
        return { key: name.slice(0, at), versionId: name.slice(at + 1), size: bytes.length };
      });
      named.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
      for (const version of named) {
        yield { ...version, etag: 'x', at: '2001-02-03T04:00:00.000Z', latest: !seen.has(version.key) };
        seen.add(version.key);
      }
    },
  };
}

/** Puts an object version into the lake as uploads come. */
export function put(lake: MemoryLake, key: string, content: string | Uint8Array, versionId = 'v1'): void {
  lake.objects.set(`${key}?${versionId}`, Buffer.from(content));
}

interface RequestOptions {
  readonly versionId?: string;
  readonly execution?: string;
}

/** The request of the machine for an uploaded object version. */
export function request(model: ModelConfig, key: string, options: RequestOptions = {}) {
  const { versionId = 'v1' } = options;
  const { execution = `e-${versionId}` } = options;
  const upload = { bucket: 'lake', key, versionId, size: 1, etag: 'x', uploadedAt: '2001-02-03T04:00:00Z' };
  return { model, execution, upload };
}

/** The dataset versions of a model, each checked to be whole: every file its record names is there, with the hash it names. */
export function wholeVersions(lake: MemoryLake, lineage: MemoryLineage): readonly DatasetDetail[] {
  const records = [...lineage.records.values()].filter(({ kind }) => kind === 'dataset');
  return records.map((record) => {
    const detail = DatasetDetailSchema.parse(JSON.parse(record.detail));
    const named = detail.files ?? [];
    for (const { key, sha256: hash } of named) expect(sha256(lake.objects.get(key) ?? ''), key).toBe(hash);
    const keys = named.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining([...detail.parts, detail.profile]));
    expect(detail.contentHash?.slice(0, 32)).toBe(record.id);
    return detail;
  });
}
