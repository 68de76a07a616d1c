import { instanceHour } from '../cost/model-cost.ts';
import { PRICE_REGION, PRICES_AS_OF } from '../cost/price-list.ts';

/** What it costs to train a run once more, as far as that is known before. */
export interface ReproductionPrice {
  readonly instanceType: string;
  /** What SageMaker billed for the first run; null when it was not recorded. */
  readonly billableSeconds: number | null;
  /** US dollars; null when the seconds or the list price are not known. */
  readonly dollars: number | null;
}

/** The list price of the seconds that the first run was billed for; the second one takes about as long. */
export function reproductionPrice(run: {
  readonly instanceType: string;
  readonly billableSeconds: number | null;
}): ReproductionPrice {
  const { instanceType, billableSeconds } = run;
  const hourly = instanceHour(instanceType);
  const dollars = hourly === null || billableSeconds === null ? null : (hourly * billableSeconds) / 3600;
  return { instanceType, billableSeconds, dollars };
}

/** A price as a sentence; amounts under a cent say so instead of nothing. */
export function priceText({ instanceType, billableSeconds, dollars }: ReproductionPrice): string {
  if (billableSeconds === null)
    return `a training job on ${instanceType}; what the first one was billed for is not recorded`;
  const job = `a training job on ${instanceType}, the first of which was billed for ${billableSeconds} s`;
  if (dollars === null) return `${job}; there is no list price of that type here`;
  const amount = dollars < 0.01 ? 'less than $0.01' : `about $${dollars.toFixed(2)}`;
  return `${job}: ${amount} (list price ${PRICE_REGION}, ${PRICES_AS_OF}), and where the models differ, two short batch jobs`;
}
