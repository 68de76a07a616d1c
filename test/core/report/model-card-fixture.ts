import type { ModelCard } from '../../../core/report/model-card.ts';
import { labels, ours } from '../quality/auc-fixture.ts';

/** A refused candidate with gates of every verdict. */
export const card: ModelCard = {
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
