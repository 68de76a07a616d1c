import { describe, expect, it } from 'vitest';
import type { VersionReport } from '../../../contracts/window.ts';
import { report, show } from './window-report-fixture.ts';

const ARN = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/modelway-flights/';
const version = (name: string, rows: number, judged: boolean, message: string): VersionReport => ({
  packageArn: `${ARN}${name}`,
  runId: 'run-1',
  rows,
  explained: rows,
  lastAt: '2001-02-01T20:10:00.000Z',
  judged,
  message,
});

describe('who answered', () => {
  it('is shown with rows, last answers and what was found, the judged version in front', () => {
    const versions = [version('3', 2000, true, 'its'), version('2', 100, false, 'too few rows: <b>100</b>')];
    const page = show(report(2000, 0, { versions }));
    expect(page).toContain('<h2>Who answered</h2>');
    expect(page).toMatch(
      /<strong><code title="[^"]*\/3">modelway-flights\/3<\/code><\/strong>.*2000.*2001-02-01 20:10/s,
    );
    expect(page).toContain('too few rows: &lt;b&gt;100&lt;/b&gt;');
  });

  it('is no question when one version answered everything, or when the report is of an earlier time', () => {
    expect(show(report(2000, 0, { versions: [version('3', 2000, true, 'its')] }))).not.toContain('Who answered');
    expect(show(report(2000, 0))).not.toContain('Who answered');
  });
});

describe('columns that are not watched', () => {
  it('are listed with the reason, and not at all when there are none', () => {
    const page = show(report(2000, 0, { notWatched: [{ column: 'a<b', reason: 'the target: labels tell of it' }] }));
    expect(page).toContain('<code>a&lt;b</code>');
    expect(page).toContain('the target: labels tell of it');
    expect(show(report(2000, 0))).not.toContain('not watched');
  });
});
