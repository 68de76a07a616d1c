/** Faults of the kind that real files have, put into a good file; the rehearsal checks that the intake report names each. */
export interface BrokenRow {
  /** 1-based data row. */
  readonly row: number;
  readonly column: string;
  readonly value: string;
  readonly rule: 'missing' | 'type' | 'range' | 'pattern';
}

/** More than a hundredth of the file, so that it is held back whole and nothing is trained on it. */
export const BROKEN_ROWS: readonly BrokenRow[] = [
  { row: 17, column: 'distance', value: 'far', rule: 'type' },
  { row: 42, column: 'origin', value: '', rule: 'missing' },
  { row: 99, column: 'scheduled', value: '2001-02-30T10:00:00Z', rule: 'type' },
  { row: 180, column: 'distance', value: '-405', rule: 'range' },
  { row: 256, column: 'origin', value: 'Atlanta', rule: 'pattern' },
  { row: 301, column: 'late', value: 'perhaps', rule: 'type' },
  { row: 302, column: 'origin_delay_2h', value: '99999', rule: 'range' },
];

/** Rows of the broken file, faults included. */
export const BROKEN_FILE_ROWS = 500;

/** Puts the faults into a CSV text with a header. */
export function breakRows(csv: string, faults: readonly BrokenRow[]): string {
  const [header = '', ...rows] = csv.trimEnd().split('\n');
  const columns = header.split(',');
  for (const { row, column, value } of faults) {
    const cells = (rows[row - 1] ?? '').split(',');
    cells[columns.indexOf(column)] = value;
    rows[row - 1] = cells.join(',');
  }
  return `${[header, ...rows].join('\n')}\n`;
}
