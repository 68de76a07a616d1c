import type { Baseline, DriftReport, FeatureProfile, Profile } from '../../contracts/profile.ts';
import { type Blocks, blocksFor, blocksOfFeature } from './blocks.ts';
import { correctedTogether } from './family.ts';
import { type JointChanges, jointChanges } from './joint-changes.ts';
import { correlationReports, multivariateReport } from './joint-report.ts';
import { type Compared, judgeFeature } from './judge-feature.ts';
import { percent } from './message.ts';
import type { NullCache } from './null-cache.ts';
import { ranked } from './ranked.ts';
import { type DriftSettings, falseDiscoveryRate, windowsPerMonth } from './settings.ts';
import { testFeature } from './test-feature.ts';

/** What a comparison can be told besides. */
export interface CompareOptions {
  /** Money at stake a month per feature; features with an estimate rank by it, before those without. Left out: none has. */
  readonly stake?: Readonly<Record<string, number>>;
  /** Null distributions drawn for earlier windows of the same baseline. Left out: drawn anew, with the same report. */
  readonly cache?: NullCache;
  /** Hours that the window spans, when it was pooled from several. Left out: one window of the settings. */
  readonly spannedHours?: number;
  /** Whether to draw intervals of effects. Left out: true; simulations do without. */
  readonly intervals?: boolean;
}

/**
 * Compares a window with its baseline. A feature drifted when one of its tests is significant at the false discovery rate that the
 * monthly budget allows, over all tests of the window together, and its effect reaches the floor. Same arguments, same report.
 */
export function compareProfiles(
  baseline: Baseline,
  window: Profile,
  settings: DriftSettings,
  seed: number,
  options: CompareOptions = {},
): DriftReport {
  const blocks = blocksFor(baseline, options.spannedHours ?? settings.windowHours);
  const compared = comparedFeatures(baseline, window, settings, { blocks, seed, options });
  const designEffects = new Map(compared.map(({ name, tests }) => [name, tests.designEffect]));
  const changes = testedTogether(jointChanges(baseline, window, blocks, designEffects), settings);
  const family = correctedTogether(
    compared.flatMap(({ tested, tests }) => (tested ? tests.tests : [])),
    changes,
  );
  const enough = window.rows >= settings.minimumRows;
  const features = compared.map((feature) => judgeFeature(feature, family, settings, enough));
  const multivariate = multivariateReport(changes, family, settings, enough);
  const correlations = correlationReports(changes, family, settings, enough);
  const drifted = [...features, ...correlations, ...(multivariate === null ? [] : [multivariate])].some(
    (change) => change.drifted,
  );
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
      null: blocks.null,
    },
    features: ranked(features, baseline.importance, options.stake ?? {}),
    multivariate,
    correlations,
  };
}

interface Means {
  readonly blocks: Blocks<Profile>;
  readonly seed: number;
  readonly options: CompareOptions;
}

function comparedFeatures(
  baseline: Baseline,
  window: Profile,
  settings: DriftSettings,
  { blocks, seed, options }: Means,
): readonly Compared[] {
  return Object.entries(window.features).flatMap(([name, feature]): Compared[] => {
    const before = baseline.profile.features[name];
    if (before === undefined || !comparable(before, feature)) return [];
    const tests = testFeature({
      name,
      baseline: before,
      window: feature,
      blocks: blocksOfFeature(blocks, name),
      seed,
      cache: options.cache,
      interval: options.intervals ?? true,
    });
    return [{ name, baseline: before, window: feature, tests, tested: !settings.notComparable.includes(name) }];
  });
}

const comparable = (a: FeatureProfile, b: FeatureProfile) => a.kind === b.kind && a.counts.length === b.counts.length;

/** Pairs with a feature that is not tested are not tested either. */
function testedTogether(changes: JointChanges, { notComparable }: DriftSettings): JointChanges {
  const tested = ({ features }: JointChanges['correlations'][number]) =>
    !features.some((name) => notComparable.includes(name));
  return { ...changes, correlations: changes.correlations.filter(tested) };
}

/** One sentence that sums a report up, for a summary line or an alert. */
export function summarise(report: DriftReport): string {
  const rows = `${report.window.rows} rows`;
  if (report.verdict === 'too-little-data')
    return `too little data for a verdict: ${rows}, at least ${report.settings.minimumRows} are needed`;
  const drifted = report.features.filter((feature) => feature.drifted);
  const joint = jointMessages(report);
  const [first] = drifted;
  if (first !== undefined) {
    const among = `${drifted.length} of ${report.features.length} features drifted (${percent(drifted.length / report.features.length)})`;
    const besides = joint.length === 0 ? '' : `; besides, ${joint.join('; ')}`;
    return `${among} in ${rows}; foremost: ${first.message}${besides}`;
  }
  if (joint.length > 0) return `no single feature drifted in ${rows}, but ${joint.join('; ')}`;
  return `no drift in ${rows}: ${report.features.length} ${report.features.length === 1 ? 'feature' : 'features'} compared`;
}

/** The foremost drifted pair with the number of others, and the change of all features together. */
function jointMessages({ correlations = [], multivariate }: DriftReport): readonly string[] {
  const [pair, ...others] = correlations.filter(({ drifted }) => drifted);
  const more = others.length === 0 ? '' : ` (and ${others.length} more pairs)`;
  return [
    ...(pair === undefined ? [] : [`${pair.message}${more}`]),
    ...(multivariate?.drifted === true ? [multivariate.message] : []),
  ];
}
