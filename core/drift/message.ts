import type { CategoryProfile, FeatureProfile, NumericProfile } from '../../contracts/profile.ts';
import { sharesOf } from './shares.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** What a test of a feature looked at. */
export type Aspect = 'distribution' | 'missing' | 'unseen';

/** One clause in plain words saying how a feature changed in the aspect that was tested. */
export function describeChange(name: string, aspect: Aspect, baseline: FeatureProfile, window: FeatureProfile): string {
  switch (aspect) {
    case 'missing':
      return fromTo(`missing ${name}`, baseline.missing / baseline.rows, window.missing / window.rows, percent);
    case 'unseen':
      return describeUnseen(name, baseline, window);
    case 'distribution':
      if (presentRows(baseline) === 0 || presentRows(window) === 0) return nothingToCompare(name, baseline, window);
      return baseline.kind === 'numeric' && window.kind === 'numeric'
        ? describeNumbers(name, baseline, window)
        : describeValues(name, baseline, window);
    default:
      return aspect satisfies never;
  }
}

const presentRows = ({ rows, missing }: FeatureProfile) => rows - missing;

function nothingToCompare(name: string, baseline: FeatureProfile, window: FeatureProfile): string {
  if (presentRows(window) > 0) return `no value of ${name} in the reference`;
  return presentRows(baseline) > 0 ? `no value of ${name} to compare` : `no value of ${name} on either side`;
}

function describeUnseen(name: string, baseline: FeatureProfile, window: FeatureProfile): string {
  const rows = window.rows - window.missing;
  const share = percent(rows === 0 ? 0 : unseenRows(baseline, window) / rows);
  const what = baseline.kind === 'numeric' ? `a ${name} outside the range of the training data` : `a new ${name}`;
  return `${share} of rows have ${what}`;
}

/** Rows of a profile in places where the baseline holds nothing, or among the values it does not know. */
export function unseenRows(baseline: FeatureProfile, profile: FeatureProfile): number {
  const other = profile.kind === 'category' ? profile.other : 0;
  return profile.counts.reduce((sum, count, bin) => sum + (baseline.counts[bin] === 0 ? count : 0), other);
}

/** A change of mean below this many standard deviations is not worth naming; the spread or a range is. */
const NOTABLE_SHIFT = 0.03;
const NOTABLE_SPREAD = 0.05;

function describeNumbers(name: string, baseline: NumericProfile, window: NumericProfile): string {
  const [before, after] = [momentsOf(baseline), momentsOf(window)];
  if (before === undefined || after === undefined) return nothingToCompare(name, baseline, window);
  if (Math.abs(after.mean - before.mean) > NOTABLE_SHIFT * before.deviation)
    return fromTo(`mean ${name}`, before.mean, after.mean, digitsThatShow(before.mean, after.mean));
  if (Math.abs(after.deviation - before.deviation) > NOTABLE_SPREAD * before.deviation)
    return fromTo(
      `spread (standard deviation) of ${name}`,
      before.deviation,
      after.deviation,
      digitsThatShow(before.deviation, after.deviation),
    );
  const ranges = tenRanges(baseline, window);
  const { bin, from, to } = mostMoved(
    ranges.map(({ before: count }) => count),
    ranges.map(({ after: count }) => count),
  );
  return fromTo(`share of ${name} ${rangeText(ranges[bin])}`, from, to, percent);
}

/** Neighbouring bins together; `low` and `high` are undefined at the open ends. */
interface Range {
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly before: number;
  readonly after: number;
}

/** About ten ranges with as many rows of the baseline in each: bins alone are too narrow to tell anybody anything. */
function tenRanges(baseline: NumericProfile, window: NumericProfile): readonly Range[] {
  const tenth = (baseline.rows - baseline.missing) / 10;
  const ranges: Range[] = [];
  baseline.counts.forEach((count, bin) => {
    const last = ranges.at(-1);
    const here = {
      low: baseline.edges[bin - 1],
      high: baseline.edges[bin],
      before: count,
      after: window.counts[bin] ?? 0,
    };
    if (last === undefined || last.before + count / 2 > tenth) ranges.push(here);
    else
      ranges[ranges.length - 1] = {
        low: last.low,
        high: here.high,
        before: last.before + count,
        after: last.after + here.after,
      };
  });
  return ranges;
}

function rangeText(range: Range | undefined): string {
  const { low, high } = range ?? {};
  if (low === undefined) return high === undefined ? '' : `below ${plain(high)}`;
  return high === undefined ? `from ${plain(low)} up` : `from ${plain(low)} to ${plain(high)}`;
}

function describeValues(name: string, baseline: FeatureProfile, window: FeatureProfile): string {
  const counts = (profile: FeatureProfile) => [...profile.counts, profile.kind === 'category' ? profile.other : 0];
  const { bin, from, to } = mostMoved(counts(baseline), counts(window));
  const value = baseline.kind === 'category' ? valueName(name, baseline, bin) : name;
  return fromTo(`share of ${value}`, from, to, percent);
}

function valueName(name: string, baseline: CategoryProfile, bin: number): string {
  const value = baseline.values[bin];
  if (value === undefined) return `${name} with a value outside the ${baseline.values.length} most frequent`;
  if (name.endsWith('.weekday')) return `${name.slice(0, -'.weekday'.length)} on ${WEEKDAYS[Number(value)] ?? value}`;
  if (name.endsWith('.hour')) return `${name.slice(0, -'.hour'.length)} at hour ${value}`;
  return `${name} ${value}`;
}

function mostMoved(baseline: readonly number[], window: readonly number[]) {
  const after = sharesOf(window);
  return sharesOf(baseline)
    .map((from, bin) => ({ bin, from, to: after[bin] ?? 0 }))
    .reduce((most, next) => (Math.abs(next.to - next.from) > Math.abs(most.to - most.from) ? next : most));
}

function momentsOf(profile: NumericProfile): { mean: number; deviation: number } | undefined {
  const rows = profile.rows - profile.missing;
  if (rows === 0) return undefined;
  const mean = profile.sum / rows;
  return { mean, deviation: Math.sqrt(Math.max(0, profile.sumOfSquares / rows - mean ** 2)) };
}

function fromTo(what: string, before: number, after: number, show: (value: number) => string): string {
  const [from, to] = [show(before), show(after)];
  return from === to
    ? `${what} stayed at ${from}`
    : `${what} ${after > before ? 'rose' : 'fell'} from ${from} to ${to}`;
}

const MOST_DIGITS = 17;

/** Three significant digits, or as many as it takes to tell two numbers apart. */
function digitsThatShow(before: number, after: number): (value: number) => string {
  if (before === after || plain(before) !== plain(after)) return plain;
  let digits = 4;
  while (digits < MOST_DIGITS && before.toPrecision(digits) === after.toPrecision(digits)) digits += 1;
  return (value) => String(Number(value.toPrecision(digits)));
}

/** Three significant digits, without an exponent where one can do without. */
export function plain(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-4 || size >= 1e9)
    ? rounded.toExponential()
    : String(Math.abs(value) >= 1000 ? Math.round(value) : rounded);
}

export function percent(share: number): string {
  return `${plain(share * 100)} %`;
}
