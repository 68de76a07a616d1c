import { type DatasetDetail, DatasetDetailSchema, type LineageRecord } from '../../contracts/records.ts';
import { detailOf } from '../lineage/lineage-record.ts';

/** The dataset version of a schema that was accepted last, by when it was registered; undefined when there is none yet. */
export function previousVersion(records: readonly LineageRecord[], schemaHash: string): DatasetDetail | undefined {
  let last: { readonly at: string; readonly detail: DatasetDetail } | undefined;
  for (const record of records) {
    const detail = detailOf(record, DatasetDetailSchema);
    if (detail?.schemaHash !== schemaHash) continue;
    const { at } = record;
    if (last === undefined || at > last.at || (at === last.at && detail.version > last.detail.version))
      last = { at, detail };
  }
  return last?.detail;
}
