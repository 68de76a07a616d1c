import { expect, test } from 'vitest';
import { priceText, reproductionPrice } from '../../../core/reproduction/price.ts';

// ml.m5.2xlarge is listed at $0.461 an hour: 7,809 s cost 7809 / 3600 × 0.461 = $1.00.
test('costs the seconds that the first run was billed for, at the list price', () => {
  const price = reproductionPrice({ instanceType: 'ml.m5.2xlarge', billableSeconds: 7809 });
  expect(price.dollars).toBeCloseTo(0.99999, 4);
  expect(priceText(price)).toBe(
    'a training job on ml.m5.2xlarge, the first of which was billed for 7809 s: about $1.00 (list price us-east-1, 2026-11), and where the models differ, two short batch jobs',
  );
});

test('says of an amount that rounds to nothing that it is small', () => {
  expect(priceText(reproductionPrice({ instanceType: 'ml.m5.large', billableSeconds: 100 }))).toContain(
    'less than $0.01',
  );
});

test('says what is not known instead of a number', () => {
  expect(priceText(reproductionPrice({ instanceType: 'ml.m5.large', billableSeconds: null }))).toBe(
    'a training job on ml.m5.large; what the first one was billed for is not recorded',
  );
  expect(priceText(reproductionPrice({ instanceType: 'ml.x9.huge', billableSeconds: 60 }))).toContain(
    'there is no list price of that type here',
  );
  expect(reproductionPrice({ instanceType: 'constructor', billableSeconds: 60 }).dollars).toBeNull();
});
