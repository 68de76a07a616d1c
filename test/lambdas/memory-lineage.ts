import { type LineageRecord, type LivePointer, modelPartition, recordSort } from '../../contracts/records.ts';
import type { AuditLedger, StoredHead } from '../../lambdas/aws/audit-ledger.ts';
import type { LineageTable } from '../../lambdas/aws/lineage-table.ts';

export interface MemoryLineage extends LineageTable {
  readonly records: Map<string, LineageRecord>;
  /** `put`, at once. */
  insert(record: LineageRecord): 'written' | 'exists';
}

/** The lineage table in memory, with the same conditions on writes. */
export function memoryLineage(
  initial: readonly LineageRecord[] = [],
  options: { beforeWrite?: (sk: string) => void } = {},
): MemoryLineage {
  const records = new Map<string, LineageRecord>();
  const pointers = new Map<string, LivePointer>();
  const name = (pk: string, sk: string) => `${pk}|${sk}`;
  for (const record of initial) records.set(name(record.pk, record.sk), record);
  const insert = (record: LineageRecord) => {
    options.beforeWrite?.(record.sk);
    if (records.has(name(record.pk, record.sk))) return 'exists';
    records.set(name(record.pk, record.sk), record);
    return 'written';
  };
  return {
    records,
    insert,
    put: async (record) => insert(record),
    get: async (model, sk) => records.get(name(modelPartition(model), sk)),
    between: async (model, fromSk, toSk, limit) =>
      [...records.values()]
        .filter(({ pk, sk }) => pk === modelPartition(model) && sk >= fromSk && sk <= toSk)
        .sort((a, b) => (a.sk < b.sk ? -1 : 1))
        .slice(0, limit),
    last: async (model, fromSk, toSk, limit) =>
      [...records.values()]
        .filter(({ pk, sk }) => pk === modelPartition(model) && sk >= fromSk && sk <= toSk)
        .sort((a, b) => (a.sk < b.sk ? 1 : -1))
        .slice(0, limit),
    newest: async (model, kind, limit) =>
      [...records.values()]
        .filter((record) => record.pk === modelPartition(model) && record.kind === kind)
        .sort((a, b) => (a.at < b.at ? 1 : -1))
        .slice(0, limit),
    live: async (model) => pointers.get(model),
    setLive: async (model, pointer, expectedPackageArn) => {
      if ((pointers.get(model)?.packageArn ?? null) !== expectedPackageArn) return 'moved';
      pointers.set(model, pointer);
      return 'written';
    },
  };
}

/** A lineage record with what a test does not care about filled in. */
export function lineageRecord(
  model: string,
  given: Pick<LineageRecord, 'kind' | 'id' | 'at'> & { parents?: readonly string[]; detail: unknown },
): LineageRecord {
  return {
    pk: modelPartition(model),
    sk: recordSort(given.kind, given.id),
    kind: given.kind,
    id: given.id,
    at: given.at,
    parents: [...(given.parents ?? [])],
    detail: JSON.stringify(given.detail),
  };
}

/** The audit ledger in memory, beside the table that its transactions write to. */
export function memoryLedger(lineage: MemoryLineage): AuditLedger {
  const heads = new Map<string, StoredHead>();
  const entries = new Map<string, string>();
  return {
    head: async (model) => heads.get(model),
    entry: async (model, factId) => entries.get(`${model}|${factId}`),
    append: async ({ model, factId, head, after, record }) => {
      if (heads.get(model)?.sha256 !== after?.sha256 || entries.has(`${model}|${factId}`)) return 'moved';
      if (record !== undefined && lineage.insert(record) === 'exists') return 'moved';
      heads.set(model, head);
      entries.set(`${model}|${factId}`, head.text);
      return 'written';
    },
  };
}
