import type { Baseline, DriftFeature, DriftReport, FeatureProfile, Profile } from '../../contracts/profile.ts';
import { qValues } from './benjamini-hochberg.ts';
import { describeChange, percent, plain } from './message.ts';
import { type DriftSettings, falseDiscoveryRate, windowsPerMonth } from './settings.ts';
import { allStatistics } from './statistics.ts';
import { type AspectTest, type FeatureTests, testFeature } from './test-feature.ts';

/** With this many days in the baseline, days are drawn whole; a feature with a shorter record (predictions) needs half of them. */
const BLOCK_DAYS = 10;

interface Compared {
  readonly name: string;
  readonly baseline: FeatureProfile;
  readonly window: FeatureProfile;
  readonly tests: FeatureTests;
  readonly tested: boolean;
}

/**
 * Compares a window with its baseline. A feature drifted when one of its tests is significant at the false discovery rate that the
 * monthly budget allows, over all tests of all features together, and its effect reaches the floor. Same arguments, same report.
 */
export function compareProfiles(
  baseline: Baseline,
  window: Profile,
  settings: DriftSettings,
  seed: number,
): DriftReport {
  const blocks = baseline.days.length >= BLOCK_DAYS;
  const compared = Object.entries(window.features).flatMap(([name, feature]): Compared[] => {
    const before = baseline.profile.features[name];
    if (before === undefined || before.kind !== feature.kind) return [];
    const windowDays = Math.max(1, Math.round(settings.windowHours / 24));
    const days = blocks ? daysOf(baseline, name) : [];
    const tests = testFeature({ name, baseline: before, window: feature, days, windowDays, seed });
    return [{ name, baseline: before, window: feature, tests, tested: !settings.notComparable.includes(name) }];
  });
  const enough = window.rows >= settings.minimumRows;
  const features = judge(compared, settings, enough);
  const drifted = features.some((feature) => feature.drifted);
  return {
    verdict: enough ? (drifted ? 'drift' : 'none') : 'too-little-data',
    baseline: { rows: baseline.profile.rows },
    window: { rows: window.rows },
    settings: {
      falseAlarmsPerMonth: settings.falseAlarmsPerMonth,
      windowsPerMonth: windowsPerMonth(settings),
      falseDiscoveryRate: falseDiscoveryRate(settings),
      effectFloor: settings.effectFloor,
      minimumRows: settings.minimumRows,
      null: blocks ? 'day-blocks' : 'independent-rows',
    },
    features: ranked(features, baseline.importance),
  };
}

function daysOf(baseline: Baseline, name: string): readonly FeatureProfile[] {
  const days = baseline.days.flatMap(({ features }) => {
    const feature = features[name];
    return feature !== undefined && feature.rows > feature.missing ? [feature] : [];
  });
  return days.length >= BLOCK_DAYS / 2 ? days : [];
}

type Unranked = Omit<DriftFeature, 'rank'>;

function judge(compared: readonly Compared[], settings: DriftSettings, enough: boolean): readonly Unranked[] {
  const family = compared.flatMap(({ tested, tests }) => (tested ? tests.tests : []));
  const corrected = new Map<AspectTest, number>();
  qValues(family.map(({ pValue }) => pValue)).forEach((qValue, index) => {
    const test = family[index];
    if (test !== undefined) corrected.set(test, qValue);
  });
  const rate = falseDiscoveryRate(settings);
  return compared.map((feature) => {
    const tests = feature.tests.tests.map((test) => ({ ...test, qValue: corrected.get(test) ?? 1 }));
    const counts = (test: (typeof tests)[number]) => test.qValue <= rate && test.effect >= settings.effectFloor;
    const deciding = tests.toSorted(
      (a, b) => Number(counts(b)) - Number(counts(a)) || a.qValue - b.qValue || b.effect - a.effect,
    )[0];
    const drifted = enough && deciding !== undefined && counts(deciding);
    return describe(feature, deciding, drifted, settings);
  });
}

function describe(
  feature: Compared,
  deciding: (AspectTest & { readonly qValue: number }) | undefined,
  drifted: boolean,
  settings: DriftSettings,
): Unranked {
  const { name, baseline, window, tests, tested } = feature;
  const pOf = (aspect: AspectTest['aspect']) => tests.tests.find((test) => test.aspect === aspect)?.pValue ?? 1;
  const change = describeChange(name, deciding?.aspect ?? 'distribution', baseline, window);
  return {
    name,
    kind: baseline.kind,
    drifted,
    pValue: tested ? (deciding?.pValue ?? 1) : 1,
    qValue: deciding?.qValue ?? 1,
    effect: { statistic: 'js', value: tests.effect, interval: tests.interval },
    statistics: {
      ...allStatistics(baseline, window),
      distributionPValue: pOf('distribution'),
      missingPValue: pOf('missing'),
      unseenPValue: pOf('unseen'),
    },
    missing: { baseline: missingShare(baseline), window: missingShare(window) },
    newCategories: window.kind === 'category' ? window.other : 0,
    message: drifted ? change : `${change}; ${whyNot(feature, deciding, settings)}`,
  };
}

function whyNot(
  { tested }: Compared,
  deciding: (AspectTest & { readonly qValue: number }) | undefined,
  settings: DriftSettings,
): string {
  if (!tested) return `not tested, its cycle is longer than a window of ${settings.windowHours} h`;
  if (deciding === undefined || deciding.qValue > falseDiscoveryRate(settings))
    return `within what chance explains (q = ${plain(deciding?.qValue ?? 1)})`;
  if (deciding.effect < settings.effectFloor)
    return `too small to count (effect ${plain(deciding.effect)}, floor ${plain(settings.effectFloor)})`;
  return `too few rows for a verdict (fewer than ${settings.minimumRows})`;
}

const missingShare = ({ missing, rows }: FeatureProfile) => (rows === 0 ? 0 : missing / rows);

/** Drifted features first, each group by effect × importance; predictions, which have no importance, weigh as the heaviest. */
function ranked(features: readonly Unranked[], importance: Readonly<Record<string, number>>): DriftFeature[] {
  const heaviest = Math.max(0, ...Object.values(importance));
  const weight = (name: string) => (heaviest === 0 ? 1 : (importance[name] ?? heaviest) / heaviest);
  const score = ({ name, effect }: Unranked) => effect.value * weight(name);
  return features
    .toSorted(
      (a, b) =>
        Number(b.drifted) - Number(a.drifted) ||
        score(b) - score(a) ||
        a.pValue - b.pValue ||
        (a.name < b.name ? -1 : 1),
    )
    .map((feature, index) => ({ ...feature, rank: index + 1 }));
}

/** One sentence that sums a report up, for a summary line or an alert. */
export function summarise(report: DriftReport): string {
  const rows = `${report.window.rows} rows`;
  if (report.verdict === 'too-little-data')
    return `too little data for a verdict: ${rows}, at least ${report.settings.minimumRows} are needed`;
  const drifted = report.features.filter((feature) => feature.drifted);
  const [first] = drifted;
  if (first === undefined) return `no drift in ${rows}: ${report.features.length} features compared`;
  const among = `${drifted.length} of ${report.features.length} features drifted (${percent(drifted.length / report.features.length)})`;
  return `${among} in ${rows}; foremost: ${first.message}`;
}
