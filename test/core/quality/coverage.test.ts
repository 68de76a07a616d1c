import { describe, expect, it } from 'vitest';
import { selectionWarning } from '../../../core/quality/coverage.ts';
import { mergeOutcomes } from '../../../core/quality/outcome-counts.ts';
import { outcomesOf } from './outcome-table.ts';

const halfLabelled = outcomesOf({
  truePositives: 500,
  trueNegatives: 500,
  unknownPositives: 500,
  unknownNegatives: 500,
});

describe('selectionWarning', () => {
  it('says nothing when the labelled rows look like the rest', () => {
    expect(selectionWarning(halfLabelled, [], {})).toBeNull();
  });

  it('warns when high scores are never labelled, and of what no figure can correct', () => {
    const warning = selectionWarning(
      outcomesOf({ trueNegatives: 900, unknownPositives: 500, unknownNegatives: 100 }),
      [],
      {},
    );
    expect(warning).toMatch(/scores is (0|100) % of them/);
    expect(warning).toContain('no figure can be corrected');
  });

  it('names the value of a column that is hardly labelled', () => {
    const [rich, poor] = [
      outcomesOf({ truePositives: 400, trueNegatives: 400, unknownPositives: 100, unknownNegatives: 100 }),
      outcomesOf({ truePositives: 100, trueNegatives: 100, unknownPositives: 400, unknownNegatives: 400 }),
    ];
    const warning = selectionWarning(mergeOutcomes(rich, poor), [{ column: 'city', values: ['X', 'Y'] }], {
      city: [rich, poor],
    });
    expect(warning).toContain('city X is 80 % of them, 20 % of the unlabelled');
    expect(warning).not.toContain('of the scores');
  });

  it('says nothing without labels, and when hardly any is missing', () => {
    expect(selectionWarning(outcomesOf({ unknownPositives: 500 }), [], {})).toBeNull();
    expect(selectionWarning(outcomesOf({ trueNegatives: 990, unknownPositives: 10 }), [], {})).toBeNull();
  });

  it('takes no notice of a difference that is sure and tiny', () => {
    const counts = outcomesOf({
      truePositives: 50_500,
      trueNegatives: 49_500,
      unknownPositives: 49_500,
      unknownNegatives: 50_500,
    });
    expect(selectionWarning(counts, [], {})).toBeNull();
  });
});
