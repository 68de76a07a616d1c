import fc from 'fast-check';
import { expect, it } from 'vitest';
import { auc } from '../../../examples/flight-delay/story/auc.ts';

const answers = fc.array(fc.record({ score: fc.constantFrom(0, 0.1, 0.2, 0.5, 0.9), late: fc.boolean() }), {
  maxLength: 40,
});

it('is the share of pairs of a late and an on-time flight that are in the right order, ties counting half', () => {
  fc.assert(
    fc.property(answers, (rows) => {
      const [late, onTime] = [rows.filter((row) => row.late), rows.filter((row) => !row.late)];
      const pairs = late.flatMap((a) => onTime.map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)));
      const share = pairs.reduce<number>((sum, pair) => sum + pair, 0) / pairs.length;
      if (pairs.length === 0) expect(auc(rows)).toBeNaN();
      else expect(auc(rows)).toBeCloseTo(share, 12);
    }),
  );
});
