import { describe, expect, it } from 'vitest';
import { modelCardPage } from '../../../core/report/model-card.ts';
import { card } from './model-card-fixture.ts';

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
