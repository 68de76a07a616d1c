import { type CsvRules, emptyRecord, readRecord } from './csv-records.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** The delimiter that finds most of the expected names in the header, then most columns; a comma when nothing tells. */
export function detectDelimiter(
  head: string,
  expected: ReadonlySet<string>,
  limits: Omit<CsvRules, 'delimiter'>,
): number {
  let best = { delimiter: ','.charCodeAt(0), known: -1, columns: -1 };
  for (const text of DELIMITERS) {
    const delimiter = text.charCodeAt(0);
    const record = emptyRecord();
    readRecord(head, 0, true, { ...limits, delimiter }, record);
    const known = record.cells.filter((cell) => cell !== null && expected.has(cell.trim())).length;
    const better = known > best.known || (known === best.known && record.count > best.columns);
    if (better) best = { delimiter, known, columns: record.count };
  }
  return best.delimiter;
}
