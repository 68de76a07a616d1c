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
