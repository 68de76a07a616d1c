import { type WindowReport, WindowReportSchema } from '../../contracts/window.ts';
import type { Evidence } from '../../rehearsal/play/evidence.ts';

/** A window's report with its key in the lake. */
export interface KeptWindow {
  readonly key: string;
  readonly report: WindowReport;
}

/** Every monitored window of a rehearsal, oldest first, as it was judged last. */
export function windowReports({ documents }: Evidence): readonly KeptWindow[] {
  return Object.entries(documents)
    .flatMap(([key, text]): KeptWindow[] => {
      const isReport = /^monitoring\/.*\.json$/.test(key);
      const report = isReport ? WindowReportSchema.safeParse(JSON.parse(text)).data : undefined;
      return report === undefined ? [] : [{ key, report }];
    })
    .sort((a, b) => a.report.window.from.localeCompare(b.report.window.from));
}
