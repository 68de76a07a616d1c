import { ModelwayError, type Problem, shownValue } from '../../contracts/problems.ts';
import type { HeldOutLosses } from './loss-model.ts';
import type { HeldOut } from './quality-reference.ts';

const LEAST_ROWS = 200;
const LEAST_OF_A_CLASS = 10;
const MORE_ROWS = 'hold more labelled rows out of training';

/** @throws ModelwayError `invalid-held-out-rows` when held-out rows cannot teach anything, with every problem found */
export function checkHeldOut(heldOut: HeldOut): void {
  const { instances, scores, labels, days } = heldOut;
  const lists = { labels, instances, ...(days.length === 0 ? {} : { days }) };
  const problems = [...lengthProblems(scores.length, lists), ...valueProblems(heldOut), ...sizeProblems(heldOut)];
  if (problems.length > 0) throw new ModelwayError('invalid-held-out-rows', 'input', problems);
}

/** @throws ModelwayError `invalid-held-out-rows` when a regression's rows cannot teach anything, with every problem found */
export function checkLosses({ instances, predictions, losses, days }: HeldOutLosses): void {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss) || loss < 0);
  const odd = predictions.findIndex((prediction) => !Number.isFinite(prediction));
  const problems = [
    ...lengthProblems(predictions.length, { instances, losses, ...(days.length === 0 ? {} : { days }) }),
    ...(odd < 0
      ? []
      : [{ path: `predictions[${odd}]`, message: 'must be a finite number', got: String(predictions[odd]) }]),
    ...(bad < 0
      ? []
      : [{ path: `losses[${bad}]`, message: 'must be a number of 0 or more', got: String(losses[bad]) }]),
    ...(losses.length >= LEAST_ROWS
      ? []
      : [
          { path: 'losses', message: `must be ${LEAST_ROWS} rows or more`, got: String(losses.length), fix: MORE_ROWS },
        ]),
  ];
  if (problems.length > 0) throw new ModelwayError('invalid-held-out-rows', 'input', problems);
}

function lengthProblems(rows: number, lists: Readonly<Record<string, readonly unknown[]>>): Problem[] {
  return Object.entries(lists)
    .filter(([, { length }]) => length !== rows)
    .map(([path, { length }]) => ({
      path,
      message: `must be as many as the scores, ${rows}`,
      got: String(length),
      fix: 'give one of each for every held-out row',
    }));
}

function valueProblems({ scores, labels, threshold }: HeldOut): Problem[] {
  const badScore = scores.findIndex((score) => !Number.isFinite(score));
  const badLabel = labels.findIndex((label) => label !== 0 && label !== 1);
  return [
    ...(badScore < 0
      ? []
      : [
          {
            path: `scores[${badScore}]`,
            message: 'must be a finite number',
            got: shownValue(String(scores[badScore])),
          },
        ]),
    ...(badLabel < 0
      ? []
      : [{ path: `labels[${badLabel}]`, message: 'must be 0 or 1', got: shownValue(String(labels[badLabel])) }]),
    ...(Number.isFinite(threshold)
      ? []
      : [{ path: 'threshold', message: 'must be a finite number', got: String(threshold) }]),
  ];
}

function sizeProblems({ labels }: HeldOut): Problem[] {
  const positives = labels.filter((label) => label === 1).length;
  return [
    ...(labels.length >= LEAST_ROWS
      ? []
      : [
          { path: 'labels', message: `must be ${LEAST_ROWS} rows or more`, got: String(labels.length), fix: MORE_ROWS },
        ]),
    ...(['positive', 'negative'] as const)
      .map((side) => ({ side, count: side === 'positive' ? positives : labels.length - positives }))
      .filter(({ count }) => count < LEAST_OF_A_CLASS)
      .map(({ side, count }) => ({
        path: 'labels',
        message: `must hold ${LEAST_OF_A_CLASS} ${side} rows or more`,
        got: String(count),
        fix: MORE_ROWS,
      })),
  ];
}
