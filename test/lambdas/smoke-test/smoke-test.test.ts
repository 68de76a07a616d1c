import { describe, expect, it } from 'vitest';
import { type Instance, PredictionRequestSchema, type PredictionResponse } from '../../../contracts/serving.ts';
import type { EndpointAnswer } from '../../../lambdas/smoke-test/endpoint.ts';
import { probeRows } from '../../../lambdas/smoke-test/probe-rows.ts';
import { smokeTest } from '../../../lambdas/smoke-test/smoke-test.ts';
import { FEATURES, flightsModel } from '../flights-model.ts';

const ARN = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/modelway-flights/3';
const goldenRows = [{ name: 'known', instance: { distance: 7 }, atLeast: 0 }];
const request = {
  model: flightsModel({ gates: { goldenRows } }),
  endpointName: 'modelway-flights',
  modelPackageArn: ARN,
};

function honest(instances: readonly Instance[]): PredictionResponse {
  const shap = [0.1, -0.2, 0.3, 0];
  const score = 1 / (1 + Math.exp(0.8));
  return {
    model_package: ARN,
    explanation: 'tree_shap_table',
    base_value: -1,
    features: [...FEATURES],
    threshold: 0.5,
    predictions: instances.map(() => ({ score, label: 0 as const, shap })),
  };
}

/** Runs the test against an endpoint that answers with `change` of an honest answer; every call takes `milliseconds`. */
async function against(change: (answer: PredictionResponse, round: number) => unknown, milliseconds = 5) {
  const ids: string[] = [];
  let time = 0;
  const result = await smokeTest(
    request,
    {
      ask: async (_, body, id): Promise<EndpointAnswer> => {
        ids.push(id);
        time += milliseconds;
        const answer = change(honest(PredictionRequestSchema.parse(JSON.parse(body)).instances), ids.length);
        return typeof answer === 'string'
          ? { kind: 'refused', message: answer }
          : { kind: 'answered', body: JSON.stringify(answer) };
      },
    },
    { id: 'r-1', clock: () => time },
  );
  return { result, ids };
}

describe('smoke test', () => {
  it('passes an endpoint that answers as agreed, under inference ids that monitoring leaves out', async () => {
    const { result, ids } = await against((answer) => answer);
    expect(result).toEqual({
      passed: true,
      reason: `3 × 3 rows answered by ${ARN}, explained exactly, slowest 5 ms`,
      latencyMilliseconds: 5,
    });
    expect(ids).toEqual(['smoke-r-1-1', 'smoke-r-1-2', 'smoke-r-1-3']);
  });

  it('says what is wrong, as a value', async () => {
    const reasonOf = async (change: (answer: PredictionResponse, round: number) => unknown) => {
      const { result } = await against(change);
      expect(result.passed).toBe(false);
      return result.reason;
    };
    expect(await reasonOf(() => 'ModelError: 500 from the container')).toMatch(
      /^round 1: the endpoint refused the request: ModelError/,
    );
    expect(await reasonOf((answer, round) => (round === 3 ? { error: 'sometimes' } : answer))).toMatch(
      /^round 3: the answer is not of the agreed shape/,
    );
    expect(await reasonOf((answer) => ({ ...answer, model_package: 'arn:old' }))).toBe(
      `round 1: arn:old answered, expected ${ARN}`,
    );
    expect(await reasonOf((answer) => ({ ...answer, predictions: answer.predictions.slice(1) }))).toBe(
      'round 1: 2 rows answered, 3 asked',
    );
    expect(await reasonOf((answer) => ({ ...answer, features: ['a'] }))).toMatch(
      /^round 1: features are a, expected departs\.hour,distance/,
    );
    expect(await reasonOf((answer) => ({ ...answer, base_value: -1.01 }))).toBe(
      'round 1: contributions of row 1 miss its log-odds by 1.0e-2',
    );
    expect(
      await reasonOf((answer) => ({
        ...answer,
        predictions: answer.predictions.map((row) => ({ ...row, shap: [1] })),
      })),
    ).toMatch(/miss its log-odds by Infinity/);
  });

  it('fails an endpoint that answers rightly but far too late', async () => {
    const { result } = await against((answer) => answer, 11_000);
    expect(result).toMatchObject({
      passed: false,
      reason: 'slowest answer took 11000 ms, at most 10000 ms are allowed',
    });
  });
});

describe('probeRows', () => {
  it('asks golden rows, a usual row, and one with everything missing that may be', () => {
    expect(probeRows(request.model)).toEqual([
      { distance: 7 },
      { departs: '2001-01-01T00:00:00Z', distance: 0, earlier: 0, origin: 'a' },
      { departs: '2001-01-01T00:00:00Z', distance: 0, earlier: null, origin: 'a' },
    ]);
  });
});
