import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawParameters, ParameterRangesSchema, seededRandom } from '../../../rehearsal/sagemaker/random-search.ts';
import { IMAGE, ROLE, type ServiceRig, serviceRig } from './service-rig.ts';

/** The objective is the parameter itself, so that the best trial is known. */
const TRAIN = `
import sys
eta = float(sys.argv[sys.argv.index('--eta') + 1])
if eta > 0.9: raise SystemExit(1)
print('auc:%f' % eta)
`;

let rig: ServiceRig;
beforeAll(async () => {
  rig = await serviceRig();
  await rig.putArchive('s3://lake/source.tar.gz', { 'train.py': TRAIN });
});
afterAll(() => rig.close());

const job = (name: string, more: object = {}) => ({
  HyperParameterTuningJobName: name,
  HyperParameterTuningJobConfig: {
    Strategy: 'Random',
    HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'auc' },
    ResourceLimits: { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 2 },
    ParameterRanges: { ContinuousParameterRanges: [{ Name: 'eta', MinValue: '0.1', MaxValue: '0.8' }] },
    ...more,
  },
  TrainingJobDefinition: {
    StaticHyperParameters: { sagemaker_program: 'train.py', sagemaker_submit_directory: 's3://lake/source.tar.gz' },
    AlgorithmSpecification: {
      TrainingImage: IMAGE,
      TrainingInputMode: 'File',
      MetricDefinitions: [{ Name: 'auc', Regex: 'auc:([0-9.]+)' }],
    },
    RoleArn: ROLE,
    OutputDataConfig: { S3OutputPath: 's3://lake/out' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    StoppingCondition: { MaxRuntimeInSeconds: 600 },
  },
});

describe('a tuning job', () => {
  it('runs its trainings side by side and knows the best', async () => {
    await rig.call('CreateHyperParameterTuningJob', job('tune'));
    await rig.control.advance(100);
    expect(
      (await rig.call('DescribeHyperParameterTuningJob', { HyperParameterTuningJobName: 'tune' }))
        .TrainingJobStatusCounters,
    ).toMatchObject({ InProgress: 2 });
    await rig.control.advance(20_000);
    const shown = await rig.call('DescribeHyperParameterTuningJob', { HyperParameterTuningJobName: 'tune' });
    expect(shown).toMatchObject({
      HyperParameterTuningJobStatus: 'Completed',
      TrainingJobStatusCounters: { Completed: 4, InProgress: 0 },
      ObjectiveStatusCounters: { Succeeded: 4, Failed: 0 },
    });
    const listed = await rig.call('ListTrainingJobsForHyperParameterTuningJob', {
      HyperParameterTuningJobName: 'tune',
    });
    const values = Object(listed.TrainingJobSummaries).map((trial: { TunedHyperParameters: { eta: string } }) =>
      Number(trial.TunedHyperParameters.eta),
    );
    expect(new Set(values).size).toBe(4);
    const best = Object(shown.BestTrainingJob).FinalHyperParameterTuningJobObjectiveMetric.Value;
    expect(best).toBeCloseTo(Math.max(...values), 5);
    expect(rig.control.jobsDone.at(-1)).toBe('HyperParameterTuningJob tune');
  });

  it('fails when no training succeeds', async () => {
    const ranges = { ContinuousParameterRanges: [{ Name: 'eta', MinValue: '0.95', MaxValue: '0.99' }] };
    await rig.call('CreateHyperParameterTuningJob', job('fails', { ParameterRanges: ranges }));
    await rig.control.advance(20_000);
    expect(await rig.call('DescribeHyperParameterTuningJob', { HyperParameterTuningJobName: 'fails' })).toMatchObject({
      HyperParameterTuningJobStatus: 'Failed',
      FailureReason: expect.stringContaining('All training jobs failed'),
    });
  });

  it('is refused for a strategy that is not there, and for an objective that is no metric', async () => {
    expect(await rig.refusal('CreateHyperParameterTuningJob', job('grid', { Strategy: 'Grid' }))).toMatch(
      /not by Grid/,
    );
    const objective = { Type: 'Maximize', MetricName: 'f1' };
    expect(
      await rig.refusal('CreateHyperParameterTuningJob', job('f1', { HyperParameterTuningJobObjective: objective })),
    ).toMatch(/f1 is not among/);
  });

  it('leaves no process and no token behind', () => {
    expect([rig.processes(), rig.control.tokens()]).toEqual([0, 0]);
  });
});

describe('random search', () => {
  const ranges = ParameterRangesSchema.parse({
    IntegerParameterRanges: [{ Name: 'depth', MinValue: '2', MaxValue: '8' }],
    ContinuousParameterRanges: [
      { Name: 'lambda', MinValue: '0.001', MaxValue: '10', ScalingType: 'Logarithmic' },
      { Name: 'keep', MinValue: '0.9', MaxValue: '0.999', ScalingType: 'ReverseLogarithmic' },
    ],
    CategoricalParameterRanges: [{ Name: 'booster', Values: ['gbtree', 'dart'] }],
  });

  it('stays within its ranges, on the scale asked for', () => {
    const random = seededRandom(7);
    const drawn = Array.from({ length: 2000 }, () => drawParameters(ranges, random));
    const numbers = (name: string) => drawn.map((point) => Number(point[name]));
    expect(Math.min(...numbers('depth'))).toBe(2);
    expect(Math.max(...numbers('depth'))).toBe(8);
    expect(numbers('depth').every(Number.isInteger)).toBe(true);
    // On a logarithmic scale half the draws lie below the geometric mean of the bounds.
    const below = numbers('lambda').filter((value) => value < Math.sqrt(0.001 * 10)).length;
    expect(below / 2000).toBeCloseTo(0.5, 1);
    const near = numbers('keep').filter((value) => 1 - value < Math.sqrt(0.1 * 0.001)).length;
    expect(near / 2000).toBeCloseTo(0.5, 1);
    expect(new Set(drawn.map((point) => point.booster))).toEqual(new Set(['gbtree', 'dart']));
  });

  it('is the same for the same seed', () => {
    expect(drawParameters(ranges, seededRandom(3))).toEqual(drawParameters(ranges, seededRandom(3)));
    expect(drawParameters(ranges, seededRandom(3))).not.toEqual(drawParameters(ranges, seededRandom(4)));
  });
});
