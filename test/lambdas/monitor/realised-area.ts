/** Area under the ROC curve by definition: the share of pairs of a positive and a negative that are ranked rightly, ties counting half. */
export function realisedArea(rows: readonly { readonly score: number; readonly label: 0 | 1 }[]): number {
  const negatives = rows.filter(({ label }) => label === 0).map(({ score }) => score);
  const positives = rows.filter(({ label }) => label === 1).map(({ score }) => score);
  const won = positives.reduce(
    (sum, score) => sum + negatives.reduce((wins, other) => wins + (score > other ? 1 : score === other ? 0.5 : 0), 0),
    0,
  );
  return won / (positives.length * negatives.length);
}
