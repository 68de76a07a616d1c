import type { StoredQualityWindow } from '../../contracts/quality-window.ts';
import type { QualityWindow } from './quality-window.ts';
import { restoreQualityCounts, storeQualityCounts } from './stored-counts.ts';

/** A window as a JSON document. */
export function storeQualityWindow({ days, segments, arrival }: QualityWindow): StoredQualityWindow {
  return {
    version: 1,
    days: [...days.values()].map(({ day, counts, attribution, business, groups }) => ({
      day,
      counts: storeQualityCounts(counts),
      attribution: { rows: attribution.rows, sums: [...attribution.sums] },
      business: { ...business },
      groups: Object.fromEntries(Object.entries(groups).map(([column, values]) => [column, [...values]])),
    })),
    segments: Object.fromEntries(Object.entries(segments).map(([column, counts]) => [column, [...counts]])),
    arrival: [...arrival],
  };
}

/** The window that was stored. */
export function restoreQualityWindow({ days, segments, arrival }: StoredQualityWindow): QualityWindow {
  return {
    days: new Map(days.map((day) => [day.day, { ...day, counts: restoreQualityCounts(day.counts) }])),
    segments,
    arrival,
  };
}
