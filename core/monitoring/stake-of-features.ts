import type { Moments, QualitySetup, StoredQualityWindow } from '../../contracts/quality-window.ts';
import { moneyAtStake } from '../business/money-at-stake.ts';

/** Units that are money: the three letters of ISO 4217. */
const CURRENCY = /^[A-Z]{3}$/;

/**
 * Estimated money a month that the drift of each feature puts at stake, by the first business metric in a currency that could be computed
 * both on the held-out rows and in the window; nothing without one.
 */
export function stakeOfFeatures(
  setup: QualitySetup,
  window: StoredQualityWindow,
  metrics: readonly { readonly name: string; readonly unit: string }[],
  windowsPerMonth: number,
): Readonly<Record<string, number>> {
  for (const { name, unit } of metrics) {
    const before = setup.business[name];
    const now = window.days.reduce<Moments>((sum, { business }) => added(sum, business[name]), NONE);
    if (!CURRENCY.test(unit) || before === undefined || before.rows === 0 || now.rows === 0) continue;
    const means = { before: before.sum / before.rows, now: now.sum / now.rows };
    return moneyAtStake(setup.reference.importance, { ...means, rows: now.rows * windowsPerMonth });
  }
  return {};
}

const NONE: Moments = { rows: 0, sum: 0, sumOfSquares: 0 };

const added = (a: Moments, b: Moments = NONE): Moments => ({
  rows: a.rows + b.rows,
  sum: a.sum + b.sum,
  sumOfSquares: a.sumOfSquares + b.sumOfSquares,
});
