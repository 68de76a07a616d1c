import { type GateDecision, GateDecisionSchema } from '../../contracts/gates.ts';
import { type Html, html } from '../../core/report/html.ts';
import { badge } from '../../core/report/page.ts';
import { table } from '../../core/report/table.ts';
import type { Evidence } from '../../rehearsal/play/evidence.ts';
import { documentFile } from './document-file.ts';

/** Every candidate that was judged, with its gates and a link to its model card. */
export function versionsSection(evidence: Evidence): Html {
  const runs = evidence.records.filter((record) => record.kind === 'run');
  const rows = runs.flatMap((record) => {
    const key = Object.keys(evidence.documents).find((name) => name.endsWith(`/${record.id}/gates.json`));
    const decision = key === undefined ? undefined : decisionIn(evidence.documents[key] ?? '');
    if (key === undefined || decision === undefined) return [];
    const card = documentFile(key.replace('gates.json', 'model-card.html'));
    return [
      [
        record.at.slice(0, 16).replace('T', ' '),
        html`<a href="${card}">${record.id.slice(0, 24)}</a>`,
        verdict(decision),
        auc(decision),
        decision.reason,
      ],
    ];
  });
  const columns = [
    { heading: 'Judged (virtual)' },
    { heading: 'Run' },
    { heading: 'Gates' },
    { heading: 'AUC, 95 % interval' },
    { heading: 'Why' },
  ];
  return table(`${rows.length} candidates`, columns, rows);
}

function decisionIn(text: string): GateDecision | undefined {
  const document: unknown = JSON.parse(text);
  const inner =
    typeof document === 'object' && document !== null && 'decision' in document ? document.decision : document;
  return GateDecisionSchema.safeParse(inner).data;
}

function verdict(decision: GateDecision): Html {
  return decision.passed ? badge('passed', 'good') : badge('refused', 'bad');
}

function auc(decision: GateDecision): string {
  const gate = decision.gates.find(({ name }) => name === 'auc');
  if (gate?.value === undefined) return '–';
  const interval = gate.interval === undefined ? '' : ` [${gate.interval.map((end) => end.toFixed(3)).join(', ')}]`;
  return `${gate.value.toFixed(3)}${interval}`;
}
