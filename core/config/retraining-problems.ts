import type { ModelConfig } from '../../contracts/model-config.ts';
import { type Problem, shownValue } from '../../contracts/problems.ts';
import { runCost } from '../cost/run-cost.ts';
import { blackoutEnd } from '../retraining/blackout.ts';
import type { At } from './platform-problems.ts';

type Model = Pick<ModelConfig, 'retraining' | 'monitoring' | 'training' | 'serving'>;

/** Policies by which nothing would ever train, though they read as if something would. */
export function retrainingProblems(model: Model, at: At): readonly Problem[] {
  return [...blackoutProblems(model, at), ...budgetProblems(model, at), ...targetlessProblems(model, at)];
}

/** Hours of the week repeat, so that one instant tells. */
function blackoutProblems({ retraining: { blackout } }: Model, at: At): readonly Problem[] {
  return blackoutEnd(blackout, new Date(0)) === 'never'
    ? [
        {
          path: at('retraining.blackout'),
          message: 'leaves no hour of the week in which a run may start',
          got: shownValue(blackout),
          fix: 'leave some hours out',
        },
      ]
    : [];
}

function budgetProblems(model: Model, at: At): readonly Problem[] {
  const budget = model.retraining.budgetPerMonthDollars;
  if (budget === undefined) return [];
  const path = at('retraining.budgetPerMonthDollars');
  const run = runCost(model);
  if (run === null)
    return [
      {
        path,
        message: `cannot be kept: the price of ${model.training.instances[0]}, or of the instance that scores, is not in the list`,
        got: String(budget),
        fix: 'put an instance type whose price `modelway plan` knows first, or leave the budget out',
      },
    ];
  return run <= budget
    ? []
    : [
        {
          path,
          message: `allows no run at all: one may cost ${dollars(run)} on ${model.training.instances[0]}`,
          got: String(budget),
          fix: `raise it to ${dollars(run)} or more, or lower training.maxRuntimeSeconds`,
        },
      ];
}

function targetlessProblems({ retraining, monitoring }: Model, at: At): readonly Problem[] {
  return retraining.onBusinessMetric && !monitoring.business.some(({ target }) => target !== undefined)
    ? [
        {
          path: at('retraining.onBusinessMetric'),
          message: 'waits for a missed target, and no metric of monitoring.business has one',
          got: 'true',
          fix: 'give a metric a target, or leave this out',
        },
      ]
    : [];
}

/** Rounded up, so that what is asked for is enough. */
const dollars = (amount: number) => `$${(Math.ceil(amount * 100) / 100).toFixed(2)}`;
