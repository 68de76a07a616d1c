/**
 * Estimated money that each feature's drift puts at stake, for ranking alerts: its share of the model's mean |SHAP| times the absolute
 * change of a business metric's total, `share · |now − before| · rows`. A rough figure: it takes the change for the model's doing,
 * and spreads it as the model weighs its features. Empty when nothing was explained; 0 everywhere without a change.
 * @param importance mean |SHAP| per feature
 * @param before the metric's mean per row in the reference, or the window before
 * @param now its mean per row now
 */
export function moneyAtStake(
  importance: Readonly<Record<string, number>>,
  { before, now, rows }: { readonly before: number; readonly now: number; readonly rows: number },
): Readonly<Record<string, number>> {
  const total = Object.values(importance).reduce((sum, value) => sum + Math.abs(value), 0);
  if (total === 0) return {};
  return Object.fromEntries(
    Object.entries(importance).map(([name, value]) => [
      name,
      (Math.abs(value) / total) * Math.abs(now - before) * rows,
    ]),
  );
}
