import type { DriftFeature, DriftReport } from '../../contracts/profile.ts';
import { percent, plain } from '../drift/message.ts';
import { timeLine } from './charts.ts';
import { type Content, type Html, html } from './html.ts';
import { badge } from './page.ts';
import { table } from './table.ts';

/** Features whose effect is drawn over time. */
const SHOWN_TRENDS = 6;

/** The verdict as a coloured word. */
export function verdictBadge(verdict: DriftReport['verdict']): Html {
  switch (verdict) {
    case 'drift':
      return badge('Drift.', 'bad');
    case 'none':
      return badge('No drift.', 'good');
    case 'too-little-data':
      return badge('Too little data.', 'unsure');
    default:
      return verdict satisfies never;
  }
}

/** What to do about rows with this verdict, wherever they come from. */
export function nextSteps(verdict: DriftReport['verdict']): readonly Html[] {
  switch (verdict) {
    case 'drift':
      return [
        html`<li>Ask of the foremost features whether the world changed or an upstream system broke; missing shares and new values tell the second.</li>`,
        html`<li>If a system broke: mend it, and do not train on these rows.</li>`,
        html`<li>If the world changed: see whether the model still does its work, and train it on newer labelled rows if it does not.</li>`,
      ];
    case 'none':
      return [html`<li>Nothing.</li>`];
    case 'too-little-data':
      return [
        html`<li>Nothing, if so few rows are usual; then choose longer windows. Otherwise see where the rows stay.</li>`,
      ];
    default:
      return verdict satisfies never;
  }
}

const NUMBERS = [
  { heading: 'Effect (95 %)', number: true },
  { heading: 'q-value', number: true },
] as const;

/** Every feature with its verdict; the money at stake where it was estimated. */
export function featureTable(features: readonly DriftFeature[]): Html {
  const staked = features.some(({ stake }) => stake !== undefined);
  const columns = [
    { heading: 'Rank', number: true },
    { heading: 'Feature' },
    { heading: 'What changed' },
    { heading: 'Verdict' },
    ...NUMBERS,
    { heading: 'PSI', number: true },
    { heading: 'Missing', number: true },
    ...(staked ? [{ heading: 'At stake a month', number: true }] : []),
  ];
  const rows = features.map((feature) => [
    feature.rank,
    feature.name,
    feature.message,
    feature.drifted ? badge('drift', 'bad') : 'no drift',
    withInterval(feature.effect),
    plain(feature.qValue),
    plain(feature.statistics.psi ?? 0),
    `${percent(feature.missing.baseline)} → ${percent(feature.missing.window)}`,
    ...(staked ? [feature.stake === undefined ? '' : plain(feature.stake)] : []),
  ]);
  const order = staked ? 'the money at stake' : 'effect × importance';
  return table(`Ranked by ${order}, drifted ones before the rest.`, columns, rows);
}

/** What no single feature shows: all numeric features together, and their pairs; nothing when there is nothing to tell. */
export function jointTable({ multivariate, correlations = [] }: DriftReport): Html | undefined {
  const changes = [...(multivariate == null ? [] : [multivariate]), ...correlations];
  if (changes.length === 0) return undefined;
  const columns = [{ heading: 'Together' }, { heading: 'Verdict' }, ...NUMBERS];
  const rows = changes.map((change) => [
    change.message,
    change.drifted ? badge('drift', 'bad') : 'no drift',
    withInterval(change.effect),
    plain(change.qValue),
  ]);
  return table(
    'How numeric features move together. Effects: relative change of the reconstruction error, Cohen’s q of a correlation.',
    columns,
    rows,
  );
}

function withInterval({ value, interval }: { readonly value: number; readonly interval: readonly number[] }): Html {
  return html`${plain(value)} (${interval.map(plain).join('–')})`;
}

const ASSUMED = {
  'independent-rows': 'rows drawn anew as if independent of each other',
  'day-blocks': 'whole days of the baseline drawn anew',
  'hour-blocks': 'whole hours of the baseline drawn anew',
} as const satisfies Record<DriftReport['settings']['null'], string>;

/** How the verdict was made, in three sentences. */
export function driftNote({ settings, baseline, window }: DriftReport): Html {
  return html`<p class="lead">${window.rows} rows against ${baseline.rows} of the baseline. Chance: ${ASSUMED[settings.null]}. A feature drifts at a false
discovery rate of ${plain(settings.falseDiscoveryRate)} (at most ${plain(settings.falseAlarmsPerMonth)} false alarms in ${plain(settings.windowsPerMonth)} windows a
month) and an effect of ${plain(settings.effectFloor)} or more: its Jensen–Shannon distance beyond what chance gives.</p>`;
}

/** The drift of a window, and when it was. */
export interface DatedDrift {
  /** ISO instant. */
  readonly at: string;
  readonly drift: DriftReport;
}

/** Effects over time of the features whose largest effect is largest, a picture each. */
export function effectTrends(windows: readonly DatedDrift[]): readonly Content[] {
  const largest = new Map<string, number>();
  for (const { drift } of windows)
    for (const { name, effect } of drift.features) largest.set(name, Math.max(largest.get(name) ?? 0, effect.value));
  const foremost = [...largest].sort(([, a], [, b]) => b - a).slice(0, SHOWN_TRENDS);
  const caption = 'Jensen–Shannon distance beyond chance; dashed: the smallest effect that counts.';
  return foremost.map(([name]) => effectTrend(name, windows, caption, plain));
}

/** The effect of one feature over time; dashed: the effect floor. */
export function effectTrend(
  name: string,
  windows: readonly DatedDrift[],
  caption: string,
  show: (value: number) => string,
): Html {
  const points = windows.flatMap(({ at, drift }) => {
    const feature = drift.features.find((candidate) => candidate.name === name);
    return feature === undefined ? [] : [{ at: new Date(at), value: feature.effect.value }];
  });
  const level = windows.at(-1)?.drift.settings.effectFloor;
  return timeLine({ heading: name, caption, points, ...(level === undefined ? {} : { level }), show });
}
