import type { DriftFeature, FeatureProfile } from '../../contracts/profile.ts';
import type { Family } from './family.ts';
import { describeChange, plain } from './message.ts';
import { type DriftSettings, falseDiscoveryRate } from './settings.ts';
import { allStatistics } from './statistics.ts';
import type { AspectTest, FeatureTests } from './test-feature.ts';

/** A feature of the window beside the baseline's, with its tests; `tested` is false when its verdict would mean nothing. */
export interface Compared {
  readonly name: string;
  readonly baseline: FeatureProfile;
  readonly window: FeatureProfile;
  readonly tests: FeatureTests;
  readonly tested: boolean;
}

/** A feature's verdict before the features are ranked. */
export type Unranked = Omit<DriftFeature, 'rank'>;

interface Corrected extends AspectTest {
  readonly qValue: number;
}

/** Judges a feature by its foremost test: one that counts before one that does not, then the most significant. */
export function judgeFeature(compared: Compared, family: Family, settings: DriftSettings, enough: boolean): Unranked {
  const rate = falseDiscoveryRate(settings);
  const tests = compared.tests.tests.map((test): Corrected => ({ ...test, qValue: family.ofTest(test) }));
  const counts = (test: Corrected) => test.qValue <= rate && test.effect >= settings.effectFloor;
  const deciding = tests.toSorted(
    (a, b) => Number(counts(b)) - Number(counts(a)) || a.qValue - b.qValue || b.effect - a.effect,
  )[0];
  const drifted = enough && compared.tested && deciding !== undefined && counts(deciding);
  return { ...describe(compared, deciding, drifted, settings), tests };
}

function describe(
  compared: Compared,
  deciding: Corrected | undefined,
  drifted: boolean,
  settings: DriftSettings,
): Unranked {
  const { name, baseline, window, tests, tested } = compared;
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
    message: drifted ? change : `${change}; ${whyNot(compared, deciding, settings)}`,
    threshold: { qValue: falseDiscoveryRate(settings), effect: settings.effectFloor },
    bins: tests.bins,
  };
}

function whyNot(
  { tested, baseline, window }: Compared,
  deciding: Corrected | undefined,
  settings: DriftSettings,
): string {
  if (!tested) return `not tested, its cycle is longer than a window of ${settings.windowHours} h`;
  if (deciding?.qValue === 1 && [baseline, window].every(({ rows, missing }) => rows === missing))
    return 'nothing to test';
  if (window.rows === 0) return 'nothing to test';
  return whyNotDrifted(deciding?.qValue ?? 1, deciding?.effect ?? 0, settings.effectFloor, settings);
}

/** Why a change that was tested is no drift, in a clause. */
export function whyNotDrifted(qValue: number, effect: number, floor: number, settings: DriftSettings): string {
  if (qValue > falseDiscoveryRate(settings)) return `within what chance explains (q = ${plain(qValue)})`;
  if (effect < floor) return `too small to count (effect ${plain(effect)}, floor ${plain(floor)})`;
  return `too few rows for a verdict (fewer than ${settings.minimumRows})`;
}

const missingShare = ({ missing, rows }: FeatureProfile) => (rows === 0 ? 0 : missing / rows);
