/**
 * How far contributions are from explaining a score: |base + Σ shap − logit(score)|, in log-odds. Where a score is so close to 0 or 1
 * that its log-odds cannot be told from its digits, agreement of the probabilities to 1e-12 counts as exact.
 */
export function additivityError(score: number, base: number, shap: readonly number[]): number {
  const margin = shap.reduce((sum, value) => sum + value, base);
  if (Math.abs(1 / (1 + Math.exp(-margin)) - score) <= 1e-12) return 0;
  return Math.abs(margin - Math.log(score / (1 - score)));
}
