import { describe, expect, it } from 'vitest';
import { scoreEdges } from '../../../core/quality/score-bins.ts';
import { congruential } from './congruential.ts';

const scored = { scores: congruential(2_000, 3), labels: congruential(2_000, 4).map((value) => (value < 0.1 ? 1 : 0)) };

describe('scoreEdges', () => {
  it('makes the decision threshold an edge', () => {
    expect(scoreEdges(scored, 0.4321)).toContain(0.4321);
    expect(scoreEdges(scored)).not.toContain(0.4321);
  });

  it('ascends without repeating, at most 101 edges with a threshold', () => {
    const edges = scoreEdges(scored, 0.5);
    expect(edges.length).toBeLessThanOrEqual(101);
    expect(edges.every((edge, index) => index === 0 || edge > (edges[index - 1] ?? 1))).toBe(true);
  });

  it('is the threshold and the one score where all scores are the same', () => {
    expect(scoreEdges({ scores: [0.2, 0.2, 0.2], labels: [1, 0, 1] }, 0.5)).toEqual([0.2, 0.5]);
  });
});
