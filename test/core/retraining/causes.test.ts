import { describe, expect, test } from 'vitest';
import { decideRetraining } from '../../../core/retraining/decide-retraining.ts';
import {
  business,
  type Case,
  change,
  concept,
  dataset,
  drift,
  facts,
  POLICY,
  quality,
  testPolicy,
  window,
} from './policy-cases.ts';

const CASES: readonly Case[] = [
  {
    title: 'lost quality with new labelled data trains',
    facts: { request: quality, newestWindow: window('quality') },
    decision: 'retrain',
    reason: /alarm quality went off, and there is labelled data/,
  },
  {
    title: 'lost quality is left alone when asked to',
    facts: { request: quality, newestWindow: window('quality') },
    policy: { onQuality: false },
    decision: 'wait',
    reason: /does not retrain on that \(onQuality\)/,
  },
  {
    title: 'a quality alarm that a business target set off follows the setting for business metrics',
    facts: { request: quality, newestWindow: window('business') },
    decision: 'wait',
    reason: /onBusinessMetric/,
  },
  {
    title: 'a quality alarm for both findings trains when either may',
    facts: { request: quality, newestWindow: window('quality', 'business') },
    policy: { onQuality: false, onBusinessMetric: true },
    decision: 'retrain',
    reason: /alarm quality/,
  },
  {
    title: 'a missed business target trains when asked to',
    facts: { request: business },
    policy: { onBusinessMetric: true },
    decision: 'retrain',
    reason: /revenue missed/,
  },
  {
    title: 'concept drift is left alone when asked to',
    facts: { request: concept },
    policy: { onConceptDrift: false },
    decision: 'wait',
    reason: /onConceptDrift/,
  },
  {
    title: 'concept drift without new labelled data waits',
    facts: { request: concept, datasets: [dataset('a')] },
    decision: 'wait',
    reason: /no labelled data that no run has seen/,
  },
  {
    title: 'later data while lost quality stands trains, drift or no drift',
    facts: { standing: { quality: '2001-02-25T00:00:00Z' } },
    decision: 'retrain',
    reason: /lost quality stands since the window that ended 2001-02-25/,
  },
  {
    title: 'an unfair window alone makes new data no cause to train',
    facts: { standing: { fairness: '2001-02-25T00:00:00Z' } },
    decision: 'wait',
    reason: /no drift stands/,
  },
  {
    title: 'changed training code trains on the same data',
    facts: { request: change, datasets: [dataset('a')], recipe: { live: 'before', deployed: 'after' } },
    policy: { onChange: true },
    decision: 'retrain',
    reason: /are not those that the live model was made with/,
    versions: ['a'],
  },
  {
    title: 'an update that changed nothing about training waits',
    facts: { request: change },
    policy: { onChange: true },
    decision: 'wait',
    reason: /are those that the live model was made with/,
  },
  {
    title: 'a change is not trained when nobody knows what the live model was made with',
    facts: { request: change, recipe: { live: undefined, deployed: 'after' } },
    policy: { onChange: true },
    decision: 'wait',
    reason: /nothing can be compared/,
  },
  {
    title: 'a change is left alone unless asked for',
    facts: { request: change, recipe: { live: 'before', deployed: 'after' } },
    decision: 'wait',
    reason: /onChange/,
  },
];

describe('what is a cause to train', () => {
  testPolicy(CASES);

  test('asks for a person’s review, with the evidence, whenever concept drift was found, and only then', () => {
    const found = decideRetraining(POLICY, facts({ request: concept, newestWindow: window('conceptDrift') }));
    expect(found).toMatchObject({
      decision: 'retrain',
      review: expect.stringMatching(/review features and architecture.*wrong above 0\.7; report monitoring/),
    });
    const waits = decideRetraining({ ...POLICY, onConceptDrift: false }, facts({ request: concept }));
    expect(waits).toMatchObject({ decision: 'wait', review: expect.stringContaining('alarm concept-drift went off') });
    expect(decideRetraining(POLICY, facts({ request: drift })).review).toBeNull();
  });
});
