import type { VersionReport, WindowReport } from '../../contracts/window.ts';
import { shortName } from '../monitoring/judgement.ts';
import { type Content, html } from './html.ts';
import { section } from './page.ts';
import { table } from './table.ts';

/** Which versions answered, and what is said of each; nothing when it was one. */
export function versionsSection({ versions = [] }: WindowReport): Content {
  if (versions.length < 2) return undefined;
  const columns = [
    { heading: 'Version' },
    { heading: 'Rows', number: true },
    { heading: 'Last answer (UTC)' },
    { heading: 'What was found' },
  ];
  const caption =
    'Each version is held against its own training. The verdicts of the window are those of the first one.';
  return section('Who answered', table(caption, columns, versions.map(versionCells)));
}

function versionCells({ packageArn, rows, lastAt, judged, message }: VersionReport): readonly Content[] {
  const name = html`<code title="${packageArn}">${shortName(packageArn)}</code>`;
  return [judged ? html`<strong>${name}</strong>` : name, rows, lastAt.slice(0, 16).replace('T', ' '), message];
}

/** Columns of the schema that nothing is said of, with the reason; nothing when all are watched. */
export function notWatchedTable({ notWatched = [] }: WindowReport): Content {
  if (notWatched.length === 0) return undefined;
  const cells = notWatched.map(({ column, reason }) => [html`<code>${column}</code>`, reason]);
  return table('Columns of the schema that are not watched.', [{ heading: 'Column' }, { heading: 'Why' }], cells);
}
