import type { Label } from '../../contracts/labels.ts';

/** What is known of one prediction's outcome. */
export interface Outcome {
  /** 0 or 1. */
  readonly label: number;
  /** NaN where the label names none. */
  readonly value: number;
  /** When it became known, epoch milliseconds. */
  readonly at: number;
}

/** How the labels of an index agree with each other. */
export interface LabelAgreement {
  /** Predictions that a label names. */
  readonly distinct: number;
  /** Labels that say again what the counting one says. */
  readonly repeated: number;
  /** Labels that say something else than the counting one. */
  readonly contradicting: number;
}

/**
 * Labels by prediction, filled in any order and asked once for each prediction. Of several labels of one prediction the earliest counts
 * (`at`, else when its file arrived; at the same instant label 0 before 1, then the lower value), so neither the order of files nor a
 * second delivery changes any outcome. About 115 bytes (measured, ids of 36 characters) for each labelled prediction; predictions themselves take none.
 */
export interface LabelIndex {
  /** @param arrivedAt when the label's file arrived, epoch milliseconds; stands in for a missing `at` */
  readonly add: (label: Label, arrivedAt: number) => void;
  /** The outcome of a prediction, the first time it is asked for; never again, so that no label counts twice. */
  readonly take: (inferenceId: string, row: number) => Outcome | undefined;
  readonly agreement: () => LabelAgreement;
}

type Rival = Outcome & { readonly count: number };

/** An empty index of labels. */
export function labelIndex(): LabelIndex {
  const slots = new Map<string, number>();
  const table = outcomeTable();
  let labels = 0;
  return {
    add: (label, arrivedAt) => {
      labels += 1;
      const found = slots.get(keyOf(label.inferenceId, label.row));
      const outcome = {
        label: label.label,
        value: label.value ?? Number.NaN,
        at: label.at === undefined ? arrivedAt : Date.parse(label.at),
      };
      if (found === undefined) slots.set(keyOf(label.inferenceId, label.row), table.append(outcome));
      else table.amend(found, outcome);
    },
    take: (inferenceId, row) => {
      const slot = slots.get(keyOf(inferenceId, row));
      return slot === undefined ? undefined : table.take(slot);
    },
    agreement: () => {
      const repeated = table.repeated();
      return { distinct: slots.size, repeated, contradicting: labels - slots.size - repeated };
    },
  };
}

/** Almost every request has one row, and then its id alone is the key. */
const keyOf = (inferenceId: string, row: number) => (row === 0 ? inferenceId : `${inferenceId}\n${row}`);

/** Outcomes in columns; only predictions whose labels contradict each other need more. */
function outcomeTable() {
  let [labels, taken, values, times, counts] = columns(1024);
  let used = 0;
  const rivals = new Map<number, readonly Rival[]>();
  const at = (slot: number): Outcome => ({
    label: labels[slot] ?? 0,
    value: values[slot] ?? Number.NaN,
    at: times[slot] ?? 0,
  });
  const put = (slot: number, outcome: Outcome, count: number) => {
    labels[slot] = outcome.label;
    values[slot] = outcome.value;
    times[slot] = outcome.at;
    counts[slot] = count;
  };
  const grow = () => {
    const [wideLabels, wideTaken, wideValues, wideTimes, wideCounts] = columns(used * 2);
    wideLabels.set(labels);
    wideTaken.set(taken);
    wideValues.set(values);
    wideTimes.set(times);
    wideCounts.set(counts);
    [labels, taken, values, times, counts] = [wideLabels, wideTaken, wideValues, wideTimes, wideCounts];
  };
  const append = (outcome: Outcome): number => {
    if (used === labels.length) grow();
    put(used, outcome, 1);
    used += 1;
    return used - 1;
  };
  const amend = (slot: number, outcome: Outcome): void => {
    const others = rivals.get(slot) ?? [];
    const all = [{ ...at(slot), count: counts[slot] ?? 1 }, ...others];
    const same = all.find((other) => saysTheSame(other, outcome)) ?? { ...outcome, count: 0 };
    const told = { ...same, at: Math.min(same.at, outcome.at), count: same.count + 1 };
    const [winner, ...rest] = [told, ...all.filter((other) => other !== same)].sort(byPrecedence);
    if (winner !== undefined) put(slot, winner, winner.count);
    if (rest.length > 0) rivals.set(slot, rest);
  };
  const take = (slot: number): Outcome | undefined => {
    if (taken[slot] === 1) return undefined;
    taken[slot] = 1;
    return at(slot);
  };
  const repeated = () => counts.subarray(0, used).reduce((sum, count) => sum + count - 1, 0);
  return { append, amend, take, repeated };
}

function columns(size: number): [Uint8Array, Uint8Array, Float64Array, Float64Array, Uint32Array] {
  return [
    new Uint8Array(size),
    new Uint8Array(size),
    new Float64Array(size),
    new Float64Array(size),
    new Uint32Array(size),
  ];
}

const saysTheSame = (a: Outcome, b: Outcome) => a.label === b.label && Object.is(a.value, b.value);

const byPrecedence = (a: Outcome, b: Outcome) =>
  a.at - b.at || a.label - b.label || (a.value < b.value ? -1 : a.value > b.value ? 1 : Number.isNaN(a.value) ? -1 : 1);
