import type { Gate, GateDecision } from '../../contracts/gates.ts';
import { metric, range } from '../gates/wording.ts';
import { calibrationBins, calibrationError } from '../quality/calibration.ts';
import type { Scored } from '../quality/placements.ts';
import { rocCurve } from '../quality/roc.ts';
import { barChart, histogramPair, unitCurve } from './charts.ts';
import { type Html, html } from './html.ts';
import { badge, page, pictures, section } from './page.ts';
import { table } from './table.ts';

/** What a model card tells of a candidate. */
export interface ModelCard {
  readonly model: string;
  readonly run: string;
  readonly snapshot: string;
  readonly job: string;
  /** Why the run was started. */
  readonly reason: string;
  /** SageMaker Model it was compared with, or null. */
  readonly champion: string | null;
  readonly decision: GateDecision;
  readonly test: Scored;
  readonly importance: Readonly<Record<string, number>>;
}

const SHOWN_FEATURES = 15;

/** The model card of a candidate as a page: every gate with its reason, and what the test set shows. */
export function modelCardPage(card: ModelCard): string {
  const { decision, model, run } = card;
  return page(
    `${model}: model card`,
    html`run <code>${run}</code>, snapshot <code>${card.snapshot}</code>, job <code>${card.job}</code>`,
    html`<p class="facts">${decision.passed ? badge('Passed.', 'good') : badge('Refused.', 'bad')} ${decision.reason}.</p>
<p>Trained because: ${card.reason}. ${card.champion === null ? 'First model: nothing served before it.' : html`Compared with <code>${card.champion}</code>.`}</p>`,
    section('Gates', gateTable(decision)),
    section(
      `On ${decision.testRows} test rows`,
      pictures(roc(card), calibration(card), scoreHistogram(card), importance(card)),
    ),
    section(
      'How to read this',
      html`<p>The test rows were held out of training, the newest ones where the data has time. AUC is the chance that a row that came true
was scored above one that did not. Contributions are exact Shapley values in log-odds; they say what the model used, not what causes what.</p>`,
    ),
  );
}

function gateTable({ gates }: GateDecision): Html {
  const columns = [
    { heading: 'Gate' },
    { heading: 'Verdict' },
    { heading: 'Value', number: true },
    { heading: 'Interval', number: true },
    { heading: 'Threshold', number: true },
    { heading: 'Reason' },
  ];
  const rows = gates.map((gate) => [
    gate.name,
    verdictBadge(gate),
    gate.value === undefined ? '' : shown(gate.value),
    gate.interval === undefined ? '' : range(gate.interval),
    gate.threshold === undefined ? '' : shown(gate.threshold),
    gate.reason,
  ]);
  return table('A candidate is registered when every gate passes or does not apply.', columns, rows);
}

const shown = (value: number) =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : String(Number(metric(value)));

function verdictBadge({ verdict }: Gate): Html {
  switch (verdict) {
    case 'pass':
      return badge('pass', 'good');
    case 'fail':
      return badge('fail', 'bad');
    case 'not-enough-evidence':
      return badge('not enough evidence', 'unsure');
    case 'not-applicable':
      return html`does not apply`;
    default:
      return verdict satisfies never;
  }
}

function roc({ test, decision }: ModelCard): Html {
  const auc = decision.gates.find(({ name }) => name === 'auc');
  return unitCurve({
    heading: 'ROC curve',
    caption: 'True positive rate (up) over false positive rate (across); the dashed line is a coin.',
    spoken: auc?.reason ?? 'ROC curve',
    points: rocCurve(test).map(({ falsePositiveRate, truePositiveRate }) => ({
      x: falsePositiveRate,
      y: truePositiveRate,
    })),
  });
}

function calibration({ test }: ModelCard): Html {
  const bins = calibrationBins(test);
  const error = metric(calibrationError(bins));
  return unitCurve({
    heading: 'Calibration',
    caption: `Observed (up) over predicted rate (across) in fifteen groups of equal size; error ${error} beyond sampling.`,
    spoken: `calibration error ${error}`,
    points: bins.map(({ predicted, observed }) => ({ x: predicted, y: observed })),
    dots: true,
  });
}

const SCORE_BINS = 20;

function scoreHistogram({ test }: ModelCard): Html {
  const counts = [new Array<number>(SCORE_BINS).fill(0), new Array<number>(SCORE_BINS).fill(0)] as const;
  test.scores.forEach((score, row) => {
    const side = test.labels[row] === 1 ? counts[1] : counts[0];
    const bin = Math.min(SCORE_BINS - 1, Math.floor(score * SCORE_BINS));
    side[bin] = (side[bin] ?? 0) + 1;
  });
  const [negatives, positives] = counts.map((side) => side.reduce((sum, count) => sum + count, 0));
  const bins = counts[0].map((count, bin) => ({
    label: (bin / SCORE_BINS).toFixed(2),
    first: count / Math.max(1, negatives ?? 0),
    second: (counts[1][bin] ?? 0) / Math.max(1, positives ?? 0),
  }));
  const caption = 'Share of each class per score; the further apart, the better.';
  return histogramPair('Scores', caption, ['did not happen', 'happened'], bins);
}

function importance({ importance: byFeature }: ModelCard): Html {
  const bars = Object.entries(byFeature)
    .map(([label, value]) => ({ label, value }))
    .sort((a, b) => b.value - a.value)
    .slice(0, SHOWN_FEATURES);
  return barChart('Importance', 'Mean absolute contribution to the log-odds on the test rows.', bars, (value) =>
    value.toPrecision(2),
  );
}
