import type { Announcement } from '../../contracts/announcement.ts';
import {
  type Judgement,
  WINDOW_FINDINGS,
  type WindowFinding,
  type WindowFindings,
} from '../../contracts/monitoring-steps.ts';
import type { RunbookArticle } from '../../contracts/runbook.ts';

const NAMES: Readonly<Record<WindowFinding, string>> = {
  drift: 'drift',
  quality: 'quality below its margin',
  conceptDrift: 'concept drift',
  fairness: 'a gap between groups',
  business: 'a business target missed',
};

const ARTICLES: Readonly<Record<WindowFinding, RunbookArticle>> = {
  drift: 'alarm-drift',
  quality: 'alarm-quality',
  conceptDrift: 'alarm-concept-drift',
  fairness: 'alarm-fairness',
  business: 'alarm-quality',
};

/** What stands in a window and stood neither in an earlier judgement of it nor in the window before. */
export function appearedFindings(
  now: WindowFindings,
  earlier: WindowFindings | undefined,
  before: WindowFindings | undefined,
): readonly WindowFinding[] {
  return WINDOW_FINDINGS.filter((finding) => now[finding] && earlier?.[finding] !== true && before?.[finding] !== true);
}

/**
 * One message about everything that appeared: what, since when, by how much, and where to read on; null when nothing did.
 * `reasons` are the plain words of each finding, `since` the start of the first window that it was seen in.
 */
export function findingsNotice(
  model: string,
  appeared: readonly WindowFinding[],
  judgement: Judgement,
  reasons: Readonly<Partial<Record<WindowFinding, string>>>,
  { since, reportUri }: { readonly since: string; readonly reportUri: string },
): Announcement | null {
  const [first] = appeared;
  if (first === undefined) return null;
  const what = appeared.map((finding) => NAMES[finding]).join(', ');
  const lines = appeared.map((finding) => `${capital(NAMES[finding])}: ${reasons[finding] ?? judgement.summary}.`);
  return {
    subject: `${model}: ${what}`,
    message: [
      ...lines,
      `Window: ${minute(judgement.window.from)} to ${minute(judgement.window.to)} (UTC), ${judgement.rows} rows${judgement.amended ? '; it had been reported before' : ''}.`,
      `Since: ${minute(since)} (UTC).`,
      `Model: ${judgement.packageArn ?? 'none'}`,
      `Report: ${reportUri}`,
    ].join('\n'),
    runbook: ARTICLES[first],
  };
}

const minute = (instant: string) => instant.slice(0, 16).replace('T', ' ');
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
