import { describe, expect, it } from 'vitest';
import { type Gate, GateDecisionSchema, GateSchema } from '../../../contracts/gates.ts';
import type { ScoredLine } from '../../../contracts/serving.ts';
import { decideGates } from '../../../core/gates/decide-gates.ts';
import type { GateEvidence } from '../../../core/gates/evidence.ts';
import { type Random, seededRandom } from '../../../core/statistics/random.ts';

const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** An honest answer with this margin: two contributions that add up. */
function answer(margin: number): ScoredLine {
  const score = 1 / (1 + Math.exp(-margin));
  return { score, label: score >= 0.5 ? 1 : 0, base_value: -1, shap: [0.25, margin + 0.75] };
}

/** A test set with a candidate and a champion of the given skill (0: knows nothing); their errors have much in common. */
function evidence(
  rows: number,
  candidateSkill: number,
  championSkill: number | null,
  changed: Partial<GateEvidence> = {},
): GateEvidence {
  const random = seededRandom(21);
  const labels = Array.from({ length: rows }, () => (random() < 0.3 ? 1 : 0));
  const shared = labels.map(() => normal(random));
  const model = (skill: number) =>
    labels.map((label, row) => answer(skill * label + 0.9 * (shared[row] ?? 0) + 0.44 * normal(random)));
  return {
    settings: { minimumAuc: 0.6, nonInferiorityMargin: 0.01, goldenRows: [] },
    labels,
    days: [],
    candidate: model(candidateSkill),
    golden: [],
    champion: championSkill === null ? null : model(championSkill),
    featureCount: 2,
    seed: 1,
    ...changed,
  };
}

const gate = (given: GateEvidence, name: Gate['name']): Gate => {
  const found = decideGates(given).gates.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`expected a gate ${name}`);
  return found;
};

describe('decideGates', () => {
  it('passes a good first model, naming every gate, and those that do not apply', () => {
    const decision = decideGates(evidence(5000, 1, null));
    expect(GateDecisionSchema.parse(decision)).toEqual(decision);
    expect(decision.passed).toBe(true);
    expect(decision.gates.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['auc', 'pass'],
      ['non-inferiority', 'not-applicable'],
      ['golden-rows', 'not-applicable'],
      ['explanations', 'pass'],
    ]);
    expect(decision.reason).toMatch(/^auc pass: AUC 0\.7\d+, 95 % interval .* reaches 0\.6; explanations pass/);
  });

  it('refuses a model trained on shuffled labels, and says by which gate', () => {
    const decision = decideGates(evidence(5000, 0, null));
    expect(decision.passed).toBe(false);
    expect(decision.reason).toMatch(/^auc fail: AUC 0\.[45]\d+, .* does not reach 0\.6$/);
  });

  it('refuses answers that do not match the rows one to one', () => {
    const given = evidence(100, 1, 1);
    expect(() => decideGates({ ...given, candidate: given.candidate.slice(1) })).toThrow(
      /candidate: .*100 asked \(got 99\)/,
    );
    expect(() => decideGates({ ...given, champion: [] })).toThrow(/champion: .*100 asked \(got 0\)/);
  });
});

describe('auc gate', () => {
  it('has not enough evidence when only the point estimate reaches the minimum, and names the rows that would decide', () => {
    const given = evidence(60, 0.5, null);
    expect(gate(given, 'auc')).toMatchObject({ verdict: 'not-enough-evidence', threshold: 0.6 });
    expect(gate(given, 'auc').reason).toMatch(/about \d+ test rows would decide$/);
  });

  it('cannot judge one class', () => {
    const given = evidence(50, 1, 1);
    const oneClass = { ...given, labels: given.labels.map(() => 0) };
    expect(gate(oneClass, 'auc')).toMatchObject({ verdict: 'not-enough-evidence' });
    expect(gate(oneClass, 'non-inferiority')).toMatchObject({ verdict: 'not-enough-evidence' });
  });
});

describe('non-inferiority gate', () => {
  it('passes an equal or better model on enough rows', () => {
    expect(gate(evidence(20_000, 1, 1), 'non-inferiority').verdict).toBe('pass');
    expect(gate(evidence(5000, 1.2, 1), 'non-inferiority').verdict).toBe('pass');
  });

  it('fails a model that is surely worse', () => {
    const worse = gate(evidence(20_000, 0.8, 1), 'non-inferiority');
    expect(worse).toMatchObject({ verdict: 'fail', threshold: -0.01 });
    expect(worse.reason).toMatch(/worse than −0\.01$/);
  });

  it('has not enough evidence on few rows, and names the rows that would decide', () => {
    const given = gate(evidence(400, 1, 1), 'non-inferiority');
    expect(given.verdict).toBe('not-enough-evidence');
    expect(Number(/about (\d+) test rows/.exec(given.reason)?.[1])).toBeGreaterThan(400);
  });

  it('passes a model that answers exactly as the champion, however few the rows', () => {
    const given = evidence(60, 1, 1);
    expect(gate({ ...given, champion: given.candidate }, 'non-inferiority').verdict).toBe('pass');
  });
});

describe('golden rows gate', () => {
  const goldenRows = [
    { name: 'night flight', instance: {}, atMost: 0.3 },
    { name: 'late inbound', instance: {}, atLeast: 0.6 },
  ];
  const settings = { minimumAuc: 0.6, nonInferiorityMargin: 0.01, goldenRows };
  const golden = (...margins: number[]) => evidence(500, 1, null, { settings, golden: margins.map(answer) });

  it('passes when every row lies within its bounds', () => {
    expect(gate(golden(-2, 1), 'golden-rows')).toMatchObject({ verdict: 'pass', value: 0 });
  });

  it('names each row missed, with what was expected', () => {
    const missed = gate(golden(0, 1), 'golden-rows');
    expect(missed).toMatchObject({ verdict: 'fail', value: 1 });
    expect(missed.reason).toBe('1 of 2 golden rows missed: night flight scored 0.5000, expected 0–0.3');
  });
});

describe('explanations gate', () => {
  it('fails when one answer’s contributions miss its score', () => {
    const given = evidence(500, 1, null);
    const candidate = given.candidate.map((line, row) => (row === 7 ? { ...line, base_value: -0.99 } : line));
    expect(gate({ ...given, candidate }, 'explanations')).toMatchObject({ verdict: 'fail' });
    expect(gate({ ...given, candidate }, 'explanations').reason).toBe(
      'contributions of row 8 miss its log-odds by 1.0e-2',
    );
  });

  it('fails a score that its contributions cannot explain at all, and stays writable as JSON', () => {
    const given = evidence(500, 1, null);
    const candidate = given.candidate.map((line, row) => (row === 2 ? { ...line, score: 1 } : line));
    const failed = gate({ ...given, candidate }, 'explanations');
    expect(failed).toMatchObject({ verdict: 'fail', reason: 'contributions of row 3 miss its log-odds by Infinity' });
    expect(GateSchema.parse(failed)).toEqual(failed);
  });

  it('fails when a contribution is missing', () => {
    const given = evidence(500, 1, null, { featureCount: 3 });
    expect(gate(given, 'explanations').reason).toBe('row 1 has 2 contributions, the model has 3 features');
  });
});
