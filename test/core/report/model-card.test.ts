import { describe, expect, it } from 'vitest';
import { type ModelCard, modelCardPage } from '../../../core/report/model-card.ts';
import { labels, ours } from '../quality/auc-fixture.ts';

const card: ModelCard = {
  model: 'flights',
  run: 'run-<1>',
  snapshot: 's-1',
  job: 'j-1',
  reason: 'new data: version 7',
  champion: null,
  decision: {
    passed: false,
    reason: 'auc fail: AUC 0.7771, does not reach 0.8',
    testRows: 60,
    gates: [
      {
        name: 'auc',
        verdict: 'fail',
        value: 0.77714,
        interval: [0.65, 0.89],
        threshold: 0.8,
        reason: 'does not reach 0.8',
      },
      { name: 'non-inferiority', verdict: 'not-applicable', reason: 'no model serves yet' },
      { name: 'golden-rows', verdict: 'not-enough-evidence', reason: 'odd' },
      { name: 'explanations', verdict: 'pass', value: 2e-9, threshold: 1e-5, reason: 'all add up' },
    ],
  },
  test: { scores: ours, labels },
  importance: { distance: 0.2, hour: 0.9, ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, 0])) },
};

describe('modelCardPage', () => {
  const page = modelCardPage(card);

  it('says the decision and why, then every gate with value, interval and threshold', () => {
    expect(page).toContain('Refused.</span> auc fail: AUC 0.7771, does not reach 0.8.');
    expect(page).toContain('>0.7771<');
    expect(page).toContain('>0.6500–0.8900<');
    expect(page).toContain('>2.0e-9<');
    expect(page).toContain('not enough evidence');
    expect(page).toContain('does not apply');
  });

  it('draws ROC curve, calibration, scores and the fifteen foremost features', () => {
    expect(page.match(/<figure>/g)).toHaveLength(4);
    expect(page.indexOf('>hour<')).toBeLessThan(page.indexOf('>distance<'));
    expect(page).not.toContain('>f15<');
    expect(page).not.toMatch(/NaN|undefined/);
  });

  it('names the champion when there was one, and escapes what it is given', () => {
    expect(page).toContain('First model: nothing served before it.');
    expect(modelCardPage({ ...card, champion: 'm<1>' })).toContain('Compared with <code>m&lt;1&gt;</code>');
    expect(page).toContain('run-&lt;1&gt;');
  });
});
