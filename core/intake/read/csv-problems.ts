import { RefusedFile, type RowSink } from './row-sink.ts';

/** What can be wrong with the form of one CSV record. */
export type CsvProblem = 'unclosed-quote' | 'text-after-quote' | 'long-cell';

/** The wording of a record's problem. */
export function csvProblemText(problem: CsvProblem, maxCell: number): string {
  const texts = {
    'unclosed-quote': 'a quote is opened and never closed',
    'text-after-quote': 'text follows a closing quote; write a quote inside a quoted cell twice',
    'long-cell': `a cell is longer than ${maxCell} characters`,
  } as const satisfies Record<CsvProblem, string>;
  return texts[problem];
}

/** A quote left open on the last line spoils that line; one that swallowed whole lines spoils what cannot be told any more. */
export function refuseSwallowed(lines: number, sink: RowSink): void {
  if (lines > 0)
    throw new RefusedFile(
      'unreadable',
      `a quote opened in this row is never closed, so the ${lines} lines after it cannot be told apart`,
      sink.rows() + 1,
    );
}
