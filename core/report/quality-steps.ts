import type { QualityReport } from '../../contracts/quality.ts';
import { type Html, html } from './html.ts';

/** What a person should do about a quality report, most urgent first. */
export function qualitySteps(report: QualityReport): Html {
  const steps = [...conceptSteps(report), ...qualityLossSteps(report), ...groupSteps(report), ...labelSteps(report)];
  return html`<ul>${(steps.length === 0 ? ['Nothing.'] : steps).map((step) => html`<li>${step}</li>`)}</ul>`;
}

function conceptSteps({ conceptDrift }: QualityReport): readonly string[] {
  switch (conceptDrift.verdict) {
    case 'concept-drift':
      return [
        'The relation between inputs and outcome changed. Look at the evidence below with someone who knows the business: is the target still defined as before, is an input measured in another way, is something missing that now decides?',
        'Retrain on rows from after the change only; rows from before teach the old relation.',
      ];
    case 'cannot-separate':
      return [
        'The inputs moved so far that nobody can tell whether the relation changed too. Label rows like these first.',
      ];
    case 'none':
    case 'too-little-data':
      return [];
    default:
      return conceptDrift.verdict satisfies never;
  }
}

function qualityLossSteps({ verdict, basis, conceptDrift, calibration, business }: QualityReport): readonly string[] {
  const missed = business.filter((one) => one.verdict === 'missed').map(({ name }) => name);
  return [
    ...(verdict === 'worse' && conceptDrift.verdict !== 'concept-drift'
      ? [
          basis === 'realised'
            ? 'Quality fell as far as the inputs explain: retrain with newer rows, which hold such inputs.'
            : 'Quality is expected to be lower for such inputs. It is an estimate: confirm it with labels before acting on it.',
        ]
      : []),
    ...(calibration?.verdict === 'drift'
      ? ['Scores no longer mean what they meant. Where decisions use them as probabilities, recalibrate or retrain.']
      : []),
    ...(missed.length === 0
      ? []
      : [`Tell the owner of ${missed.join(', ')} that the target is missed; the threshold may need to move.`]),
  ];
}

function groupSteps({ slices, fairness }: QualityReport): readonly string[] {
  const worse = slices.filter(({ verdict }) => verdict === 'worse').map(({ column, value }) => `${column} ${value}`);
  const unfair = fairness.filter(({ verdict }) => verdict === 'gap').map(({ column }) => column);
  return [
    ...(worse.length === 0 ? [] : [`Look at the rows of ${worse.join(', ')}: there the model got worse.`]),
    ...(unfair.length === 0
      ? []
      : [
          `Groups of ${[...new Set(unfair)].join(', ')} are treated differently. Have a person decide whether that is justified before this model decides on.`,
        ]),
  ];
}

function labelSteps({ labels, basis }: QualityReport): readonly string[] {
  return [
    ...(labels?.warning
      ? ['Label some of the rows that are left out, chosen at random: the labels there are do not stand for them.']
      : []),
    ...(labels && labels.contradicting > 0
      ? ['Find out why labels contradict each other; the earliest counts until then.']
      : []),
    ...(basis === 'none' ? ['Wait for more rows or labels, or choose longer windows.'] : []),
  ];
}
