import type { ConceptDrift } from '../../contracts/quality.ts';
import type { ConceptDriftSettings } from './concept-drift.ts';

/** The verdict in one or two sentences: what was seen, what it means, what to do. */
export function conceptDriftMessage(
  { verdict, metric, gap, labels, support, independent }: Omit<ConceptDrift, 'message'>,
  { margin, minimumLabels }: ConceptDriftSettings,
): string {
  const caveat =
    independent === 'rows' ? '; rows are taken for independent, because fewer than ten held-out days are known' : '';
  if (verdict === 'too-little-data' || gap === null)
    return labels >= minimumLabels
      ? `${labels} mature labels over the last seven days leave ${metric} undefined: one class, or every predicted positive, is absent among them`
      : `${labels} mature labels over the last seven days, too few to tell (${minimumLabels} are needed, of both classes)`;
  const seen = `realised ${metric} lies ${Math.abs(gap).toFixed(3)} ${gap < 0 ? 'below' : 'above'} what the inputs allow for (${labels} labels)`;
  switch (verdict) {
    case 'concept-drift':
      return `${seen}: the relation of inputs and outcome has changed, not only the inputs; review features and target before retraining${caveat}`;
    case 'cannot-separate':
      return `${seen}, but only ${Math.round(100 * (support ?? 0))} % of the held-out rows look like these, so a changed relation cannot be told from changed inputs; gather labels of such rows and retrain${caveat}`;
    case 'none':
      return `${seen}, no more than chance and the margin of ${margin} allow${caveat}`;
    default:
      return verdict satisfies never;
  }
}
