import { ModelwayError, type Problem, shownValue } from '../../contracts/problems.ts';
import type { HeldOut } from './quality-reference.ts';

const LEAST_ROWS = 200;
const LEAST_OF_A_CLASS = 10;

/** @throws ModelwayError `invalid-held-out-rows` when held-out rows cannot teach anything, with every problem found */
export function checkHeldOut(heldOut: HeldOut): void {
  const problems = [...lengthProblems(heldOut), ...valueProblems(heldOut), ...sizeProblems(heldOut)];
  if (problems.length > 0) throw new ModelwayError('invalid-held-out-rows', 'input', problems);
}

function lengthProblems({ instances, scores, labels, days }: HeldOut): Problem[] {
  const lists = [
    { path: 'labels', length: labels.length },
    { path: 'instances', length: instances.length },
    ...(days.length === 0 ? [] : [{ path: 'days', length: days.length }]),
  ];
  return lists
    .filter(({ length }) => length !== scores.length)
    .map(({ path, length }) => ({
      path,
      message: `must be as many as the scores, ${scores.length}`,
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
  const fix = 'hold more labelled rows out of training';
  return [
    ...(labels.length >= LEAST_ROWS
      ? []
      : [{ path: 'labels', message: `must be ${LEAST_ROWS} rows or more`, got: String(labels.length), fix }]),
    ...(['positive', 'negative'] as const)
      .map((side) => ({ side, count: side === 'positive' ? positives : labels.length - positives }))
      .filter(({ count }) => count < LEAST_OF_A_CLASS)
      .map(({ side, count }) => ({
        path: 'labels',
        message: `must hold ${LEAST_OF_A_CLASS} ${side} rows or more`,
        got: String(count),
        fix,
      })),
  ];
}
