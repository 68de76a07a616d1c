import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RehearsalResult } from '../../contracts/rehearsal.ts';
import { ancestorsOf, linkRecords } from '../../core/lineage/lineage-graph.ts';
import { type Content, type Html, html } from '../../core/report/html.ts';
import { lineagePicture } from '../../core/report/lineage-picture.ts';
import { badge, page, section } from '../../core/report/page.ts';
import { table } from '../../core/report/table.ts';
import type { Evidence } from '../../rehearsal/play/evidence.ts';
import { liveDeployment } from '../../rehearsal/play/lineage-lines.ts';
import { dashboardSection } from './dashboard-section.ts';
import { documentFile } from './document-file.ts';
import { driftSection } from './drift-section.ts';
import { qualitySection } from './quality-section.ts';
import { storyPicture } from './story-picture.ts';
import { versionsSection } from './versions-section.ts';

/** Writes the report of a rehearsal into `folder`: `index.html` and the documents it links to; nothing in it loads from elsewhere. */
export async function writeRehearsalReport(result: RehearsalResult, evidence: Evidence, folder: string): Promise<void> {
  await mkdir(path.join(folder, 'documents'), { recursive: true });
  const documents = Object.entries(evidence.documents);
  await Promise.all(documents.map(([key, text]) => writeFile(path.join(folder, documentFile(key)), text)));
  await writeFile(path.join(folder, 'index.html'), rehearsalReportPage(result, evidence));
}

/** The page of a rehearsal: the story in pictures, every version and window, the lineage of what serves, and how long it took. */
export function rehearsalReportPage(result: RehearsalResult, evidence: Evidence): string {
  const model = result.models[0]?.name ?? '';
  return page(
    `Rehearsal of ${model}`,
    'From uploaded data to a monitored model and back to retraining, on the synthesized templates, with no AWS account.',
    html`<p class="facts">${outcome(result)} ${result.totalSeconds} s in all, at most ${result.peakMemoryMB} MB of memory.</p>`,
    section('The story', storyPicture(result.timeline)),
    section('Versions', versionsSection(evidence)),
    section('Monitored windows', driftSection(evidence)),
    section('Quality of the answers', qualitySection(evidence)),
    section('The fleet dashboard in CloudWatch', dashboardSection(evidence)),
    section('Lineage of the model that serves', lineageOfLive(model, evidence)),
    section('Figures', figures(result)),
    section('Every event', timeline(result)),
    section('How long it took', stages(result), calls(result)),
    section('What the intake said', links(evidence, /\/intake\/.*\.html$/)),
    section('Where this differs from AWS', html`<ul>${result.deviations.map((line) => html`<li>${line}</li>`)}</ul>`),
  );
}

function lineageOfLive(model: string, { records }: Evidence): Html {
  const live = liveDeployment(records);
  return live === undefined
    ? html`<p>Nothing serves.</p>`
    : lineagePicture(ancestorsOf(linkRecords(model, records), live.sk));
}

function outcome(result: RehearsalResult): Content {
  if (result.failure === undefined) return badge('Everything went as told.', 'good');
  return html`${badge('Failed', 'bad')} at ${result.failure.station}: ${result.failure.message}`;
}

function figures(result: RehearsalResult): Html {
  const rows = Object.entries(result.figures).map(([name, value]) => [name, value]);
  return table('measured in this rehearsal', [{ heading: 'Figure' }, { heading: 'Value', number: true }], rows);
}

function timeline(result: RehearsalResult): Html {
  const columns = [
    { heading: 'When (virtual, UTC)' },
    { heading: 'Who' },
    { heading: 'What' },
    { heading: 'Reference' },
  ];
  const rows = result.timeline.map((entry) => [
    entry.at.slice(0, 19).replace('T', ' '),
    entry.who,
    entry.what,
    html`<code>${entry.ref}</code>`,
  ]);
  return table(`${rows.length} events`, columns, rows);
}

function stages(result: RehearsalResult): Html {
  const rows = result.stages.map((stage) => [stage.name, stage.seconds.toFixed(2)]);
  return table('real time', [{ heading: 'Stage' }, { heading: 'Seconds', number: true }], rows);
}

function calls(result: RehearsalResult): Html {
  const rows = Object.entries(result.awsCalls)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 30)
    .map(([name, count]) => [name, String(count)]);
  return table(
    'calls of AWS APIs, the most frequent',
    [{ heading: 'Operation' }, { heading: 'Calls', number: true }],
    rows,
  );
}

function links(evidence: Evidence, pattern: RegExp): Html {
  const keys = Object.keys(evidence.documents).filter((key) => pattern.test(key));
  return html`<ul>${keys.map((key) => html`<li><a href="${documentFile(key)}">${key}</a></li>`)}</ul>`;
}
