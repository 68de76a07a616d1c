import { describe, expect, it } from 'vitest';
import { confidenceBasedEstimate } from '../../../core/quality/confidence-based.ts';
import { isotonicCalibration } from '../../../core/quality/isotonic.ts';
import { congruential, sampleRows } from './congruential.ts';

const rows = sampleRows();
const calibrated = isotonicCalibration({
  scores: rows.map(({ score }) => score),
  labels: rows.map(({ label }) => label),
});

describe('confidenceBasedEstimate', () => {
  it('gives what numpy sums over rows calibrated by scikit-learn', () => {
    // numpy 2.4.6 and scikit-learn 1.9.1: expected true and false positives of 300 rows, ties counting half
    const expected = {
      auc: 0.6689705423564127,
      f1: 0.6120917734340716,
      accuracy: 0.6160279455977762,
      precision: 0.6990931983165758,
      recall: 0.5443482030342309,
    };
    const estimate = confidenceBasedEstimate(calibrated, congruential(300, 11), 0.5);
    expect(estimate.auc).toBeCloseTo(expected.auc, 10);
    expect(estimate.f1).toBeCloseTo(expected.f1, 10);
    expect(estimate.accuracy).toBeCloseTo(expected.accuracy, 10);
    expect(estimate.precision).toBeCloseTo(expected.precision, 10);
    expect(estimate.recall).toBeCloseTo(expected.recall, 10);
  });

  it('knows no precision where nothing reaches the threshold', () => {
    const estimate = confidenceBasedEstimate(calibrated, [0.1, 0.2], 0.5);
    expect(estimate.precision).toBeNaN();
    expect(estimate.recall).toBe(0);
  });
});
