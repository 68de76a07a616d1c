import { JudgementSchema } from '../../contracts/monitoring-steps.ts';
import { type LineageRecord, recordSort } from '../../contracts/records.ts';
import { detailOf } from '../../core/lineage/lineage-record.ts';
import { DAY } from '../../core/profile/instant.ts';
import type { LineageTable } from '../aws/lineage-table.ts';

/** Windows closer than this are asked for in one query; a week of hours between them are 168 records too many. */
const GAP = 7 * DAY;

/** What is on record of windows. */
export interface JudgedWindows {
  /** Ends of those that were judged. */
  readonly judged: ReadonlySet<string>;
  /** Ends of those whose ids were kept. */
  readonly searchable: ReadonlySet<string>;
}

/** What is on record of windows with these ends: as many queries as there are gaps of a week between them, however old the first is. */
export async function windowsOnRecord(
  model: string,
  ends: readonly string[],
  lineage: Pick<LineageTable, 'between'>,
): Promise<JudgedWindows> {
  const ranges: { readonly first: string; last: string }[] = [];
  for (const end of ends.toSorted()) {
    const range = ranges.at(-1);
    if (range !== undefined && Date.parse(end) - Date.parse(range.last) <= GAP) range.last = end;
    else ranges.push({ first: end, last: end });
  }
  const records: LineageRecord[] = [];
  for (const { first, last } of ranges)
    records.push(...(await lineage.between(model, recordSort('window', first), recordSort('window', `${last}~`))));
  return judgedWindows(records);
}

/** What records of windows say. */
export function judgedWindows(records: readonly LineageRecord[]): JudgedWindows {
  const judgements = records.flatMap((record) => detailOf(record, JudgementSchema) ?? []);
  const kept = judgements.filter(({ idsKept }) => idsKept === true);
  return {
    judged: new Set(judgements.map(({ window }) => window.to)),
    searchable: new Set(kept.map(({ window }) => window.to)),
  };
}
