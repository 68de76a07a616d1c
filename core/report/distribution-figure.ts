import type { FeatureProfile } from '../../contracts/profile.ts';
import { plain } from '../drift/message.ts';
import { sharesOf } from '../drift/shares.ts';
import { type BinPair, histogramPair } from './charts.ts';
import type { Html } from './html.ts';

/** Values of a category feature that get a column of their own; the rest is drawn together. */
const SHOWN_VALUES = 12;
/** Hours, weekdays and other small numbers tell something in their order, so that all of them are drawn. */
const SHOWN_COUNTED = 31;

/** A feature's distribution in the baseline beside the window's; undefined when the profiles are of different kinds. */
export function distributionFigure(
  name: string,
  caption: string,
  baseline: FeatureProfile,
  window: FeatureProfile,
): Html | undefined {
  const bins = binPairs(baseline, window);
  return bins && histogramPair(name, caption, ['baseline', 'this window'], bins);
}

function binPairs(baseline: FeatureProfile, window: FeatureProfile): readonly BinPair[] | undefined {
  if (baseline.kind === 'numeric' && window.kind === 'numeric') {
    const [before, after] = [sharesOf(baseline.counts), sharesOf(window.counts)];
    return halved(
      before.map((first, bin) => ({ label: rangeLabel(baseline.edges, bin), first, second: after[bin] ?? 0 })),
    );
  }
  if (baseline.kind !== 'category' || window.kind !== 'category') return undefined;
  const before = sharesOf([...baseline.counts, baseline.other]);
  const after = sharesOf([...window.counts, window.other]);
  const pairs = before.map((first, bin) => ({
    label: baseline.values[bin] ?? 'unknown',
    first,
    second: after[bin] ?? 0,
  }));
  const most = pairs.every(isCounted) ? SHOWN_COUNTED : SHOWN_VALUES;
  if (pairs.length <= most + 1) return inOrder(pairs);
  const rest = pairs.slice(SHOWN_VALUES).reduce(joined);
  return [...pairs.slice(0, SHOWN_VALUES), { ...rest, label: 'all others' }];
}

/** Fifty columns are too thin to see; neighbours are drawn together until at most 25 are left. */
function halved(pairs: readonly BinPair[]): readonly BinPair[] {
  if (pairs.length <= 25) return pairs;
  return halved(
    pairs.flatMap((pair, index) => {
      const next = pairs[index + 1];
      return index % 2 === 1 ? [] : [next === undefined ? pair : joined(pair, next)];
    }),
  );
}

function joined(a: BinPair, b: BinPair): BinPair {
  return { label: a.label, first: a.first + b.first, second: a.second + b.second };
}

const isCounted = ({ label }: BinPair) => label === 'unknown' || /^\d+$/.test(label);

/** Hours and weekdays in their own order, other values as the baseline has them: the most frequent first. */
function inOrder(pairs: readonly BinPair[]): readonly BinPair[] {
  const known = pairs.filter(({ label }) => label !== 'unknown');
  if (!known.every(isCounted)) return pairs;
  return [
    ...known.toSorted((a, b) => Number(a.label) - Number(b.label)),
    ...pairs.filter(({ label }) => label === 'unknown'),
  ];
}

function rangeLabel(edges: readonly number[], bin: number): string {
  const low = edges[bin - 1];
  return low === undefined ? `< ${plain(edges[0] ?? 0)}` : `≥ ${plain(low)}`;
}
