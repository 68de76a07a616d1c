/**
 * Area under the ROC curve: the chance that a late flight scores higher than one on time, ties counting half (Mann–Whitney).
 * NaN when either kind is missing.
 */
export function auc(answers: readonly { readonly score: number; readonly late: boolean }[]): number {
  const sorted = answers.toSorted((a, b) => a.score - b.score);
  let [wins, lateSeen, onTimeSeen] = [0, 0, 0];
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    let late = 0;
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) {
      if (sorted[end]?.late === true) late += 1;
      end += 1;
    }
    const onTime = end - start - late;
    wins += late * (onTimeSeen + onTime / 2);
    lateSeen += late;
    onTimeSeen += onTime;
    start = end;
  }
  return wins / (lateSeen * onTimeSeen);
}
