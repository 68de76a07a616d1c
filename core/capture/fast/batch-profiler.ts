import { PREDICTION, type Profile } from '../../../contracts/profile.ts';
import { type CategoryCounter, categoryCounter } from '../../profile/category.ts';
import { type NumericCounter, numericCounter } from '../../profile/numeric.ts';
import { pairsCounter } from '../../profile/pairs.ts';
import { profileInOrder } from '../../profile/profile-in-order.ts';
import { watchedOver } from '../../profile/profile-rows.ts';
import type { WatchedModel } from '../../profile/watched.ts';
import type { CapturedBatch, CapturedValues } from './captured-batch.ts';

/** Batches being counted over the bins of a baseline. */
export interface BatchProfiler {
  /** Counts the inputs of rows that were asked; with `scored` also the scores of those that were answered. */
  readonly add: (batch: CapturedBatch, scored?: boolean) => void;
  /** The profile of what was added so far. */
  readonly profile: () => Profile;
}

/**
 * A profiler over a baseline: the profile that `profileRows` gives of the same rows, and of scores under `PREDICTION` where the baseline
 * has some. Batches need the features that `watchedOver` names.
 */
export function batchProfiler(baseline: Profile, model: WatchedModel): BatchProfiler {
  const watched = watchedOver(baseline, model);
  const numeric = new Map<string, NumericCounter>();
  const category = new Map<string, PlaceTally>();
  for (const { name } of watched) {
    const bins = baseline.features[name];
    if (bins?.kind === 'numeric') numeric.set(name, numericCounter(bins));
    if (bins?.kind === 'category') category.set(name, placeTally(categoryCounter(bins.values)));
  }
  const frame = baseline.pairs?.names.every((name) => numeric.has(name)) === true ? baseline.pairs : undefined;
  const pairs = frame && pairsCounter(frame);
  const scores = baseline.features[PREDICTION];
  const scoreCounter = scores?.kind === 'numeric' ? numericCounter(scores) : undefined;
  let rows = 0;
  return {
    add: (batch, scored = true) => {
      if (scored && batch.answered) scoreCounter?.add(batch.scores);
      if (!batch.asked) return;
      rows += batch.rows;
      for (const [name, counter] of numeric) counter.add(batch.numbers.get(name) ?? NO_NUMBERS);
      pairs?.add((frame?.names ?? []).flatMap((name) => batch.numbers.get(name) ?? []));
      for (const [name, counter] of category) counter.add(batch.values.get(name));
    },
    profile: () => {
      const features = new Map([...numeric, ...category].map(([name, counter]) => [name, counter.profile()] as const));
      const order = watched.map(({ name }) => name);
      const inputs = profileInOrder(rows, order, features, pairs?.profile());
      if (scoreCounter === undefined) return inputs;
      return { ...inputs, features: { ...inputs.features, [PREDICTION]: scoreCounter.profile() } };
    },
  };
}

const NO_NUMBERS = new Float64Array();

interface PlaceTally {
  readonly add: (values: CapturedValues | undefined) => void;
  readonly profile: CategoryCounter['profile'];
}

/** Counts places, and asks for the value of each place once. */
function placeTally(counter: CategoryCounter): PlaceTally {
  let counts = new Float64Array(64);
  let missing = 0;
  let last: CapturedValues | undefined;
  const drain = () => {
    if (missing > 0) counter.add(undefined, missing);
    missing = 0;
    for (let place = 0; last !== undefined && place < last.size; place++) {
      const times = counts[place] ?? 0;
      if (times > 0) counter.add(last.valueAt(place), times);
    }
    counts.fill(0);
  };
  return {
    add: (values) => {
      if (values === undefined) return;
      if (values.meaning !== last?.meaning) drain();
      last = values;
      if (counts.length < values.size) {
        const larger = new Float64Array(2 * values.size);
        larger.set(counts);
        counts = larger;
      }
      missing += countPlaces(values.places, counts);
    },
    profile: () => {
      drain();
      return counter.profile();
    },
  };
}

/** Adds places to their counts; gives how many are missing. */
function countPlaces(places: Int32Array, counts: Float64Array): number {
  let missing = 0;
  for (let row = 0; row < places.length; row++) {
    const place = places[row] ?? -1;
    if (place < 0) missing++;
    else counts[place] = (counts[place] ?? 0) + 1;
  }
  return missing;
}
