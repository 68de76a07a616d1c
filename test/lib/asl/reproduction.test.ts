import { describe, expect, test } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { reproductionMachine } from '../../../lib/asl/reproduction.ts';
import { fixtureModel } from '../fixture-app.ts';
import { choose, evaluate, stateOf } from './evaluate.ts';

const model = parseModel(fixtureModel);
const job = {
  imageUri: 'the image of today',
  jobRoleArn: 'role',
  lakeBucket: 'lake',
  keyArn: 'key',
  region: 'us-east-1',
  vpc: { SecurityGroupIds: ['sg'], Subnets: ['subnet'] },
  source: { bucket: 'assets', key: 'code.tar.gz', sha256: 'c0de' },
};
const machine = reproductionMachine({ model, functionArn: (name) => `arn:${name}` }, job);

const variables = {
  recipe: { imageUri: 'the image of then', instanceType: 'ml.m5.xlarge', hyperparameters: { eta: '0.1' } },
  codeUri: 's3://lake/code/late/c0de.tar.gz',
  snapshot: { jobName: 'job', trainUri: 's3://t/', validationUri: 's3://v/', configUri: 's3://c/' },
  attempt: 0,
  states: { context: { State: { RetryCount: 0 } } },
};

function field(state: string, name: string): Parameters<typeof evaluate>[0] {
  const found: unknown = Reflect.get(stateOf(machine, state), name);
  return JSON.parse(JSON.stringify(found));
}

describe('reproduction machine', () => {
  test('trains by the recipe of the run, not by the config of today', async () => {
    expect(await evaluate(field('TrainAgain', 'Arguments'), variables)).toMatchObject({
      TrainingJobName: 'job-00',
      AlgorithmSpecification: { TrainingImage: 'the image of then' },
      HyperParameters: { eta: '0.1' },
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeKmsKeyId: 'key' },
      EnableNetworkIsolation: true,
      VpcConfig: job.vpc,
      InputDataConfig: [
        { ChannelName: 'train', DataSource: { S3DataSource: { S3Uri: 's3://t/' } } },
        { ChannelName: 'validation', DataSource: { S3DataSource: { S3Uri: 's3://v/' } } },
        { ChannelName: 'config', DataSource: { S3DataSource: { S3Uri: 's3://c/' } } },
        { ChannelName: 'code', DataSource: { S3DataSource: { S3Uri: 's3://lake/code/late/c0de.tar.gz' } } },
      ],
    });
  });

  test.each([
    ['ml.m5.xlarge', true],
    ['ml.g5.xlarge', false],
    ['ml.m5d.xlarge', false],
    ['ml.p3.2xlarge', true],
  ])('asks for a volume key on %s: %s', async (instanceType, keyed) => {
    const recipe = { ...variables.recipe, instanceType };
    const request = await evaluate(field('TrainAgain', 'Arguments'), { ...variables, recipe });
    expect(request).toMatchObject({ ResourceConfig: { InstanceType: instanceType } });
    expect(JSON.stringify(request).includes('VolumeKmsKeyId')).toBe(keyed);
  });

  test('takes the run from its input, and goes on without one to where failures are recorded', async () => {
    const run = async (input: object) =>
      Object(await evaluate(field('Begin', 'Assign'), { states: { input, context: { Execution: {} } } })).run;
    expect(await run({ reproduce: 'r-1' })).toBe('r-1');
    expect(await run({})).toBe('');
  });

  test('trains only when everything the run was made from is as it was', async () => {
    expect(await choose(machine, 'InputsUnchanged?', { verdict: null })).toBe('TrainAgain');
    expect(await choose(machine, 'InputsUnchanged?', { verdict: { outcome: 'not-reproduced' } })).toBe('RecordVerdict');
  });

  test.each([
    ['SageMaker chose among types', { SelectedInstanceType: 'ml.c5.xlarge' }, 'ml.c5.xlarge'],
    ['one type was asked for', { InstanceType: 'ml.m5.xlarge' }, 'ml.m5.xlarge'],
  ])('keeps the type that was used when %s', async (_, ResourceConfig, instanceType) => {
    const result = {
      TrainingJobName: 'job',
      ModelArtifacts: { S3ModelArtifacts: 's3://lake/m.tar.gz' },
      AlgorithmSpecification: { TrainingImage: 'image' },
      HyperParameters: { eta: '0.1' },
      ResourceConfig,
    };
    expect(await evaluate(field('TrainAgain', 'Assign'), { states: { result } })).toEqual({
      trained: {
        job: 'job',
        artifact: 's3://lake/m.tar.gz',
        recipe: { imageUri: 'image', hyperparameters: { eta: '0.1' }, instanceType },
        billableSeconds: null,
      },
    });
  });

  const verdict = (outcome: string) => ({ outcome, summary: 'why', differed: [], filesCompared: 3 });
  const trained = { job: 'job', artifact: 'a', recipe: {}, billableSeconds: 194 };

  test.each([
    ['reproduced', 'late: model reproduced'],
    ['reproduced-within-tolerance', 'late: model reproduced within tolerance'],
    ['not-reproduced', 'late: model not reproduced'],
  ])('records and announces that a model was %s, as a child of its run', async (outcome, subject) => {
    const known = { run: 'r-1', execution: 'e-1', trained, verdict: verdict(outcome) };
    const { Payload } = Object(await evaluate(field('RecordVerdict', 'Arguments'), known));
    expect(Payload).toEqual({
      model: 'late',
      kind: 'reproduction',
      id: 'e-1',
      parents: ['run#r-1'],
      detail: { ...verdict(outcome), run: 'r-1', trainingJob: 'job', artifact: 'a', billableSeconds: 194 },
      announce: { subject, message: 'run r-1 why', runbook: 'reproduction-verdict' },
      failed: false,
    });
    expect(await evaluate(field('Done', 'Output'), known)).toEqual({ ...verdict(outcome), run: 'r-1' });
  });

  test('records a verdict without a job when inputs had changed', async () => {
    const known = { run: 'r-1', execution: 'e-1', trained: null, verdict: verdict('not-reproduced') };
    const { Payload } = Object(await evaluate(field('RecordVerdict', 'Arguments'), known));
    expect(Payload.detail).toEqual({ ...verdict('not-reproduced'), run: 'r-1' });
  });

  test('asks for predictions only where files of the model differ', async () => {
    expect(await choose(machine, 'SameFiles?', { compared: { comparePredictions: true } })).toBe('ScoreBoth');
    expect(await choose(machine, 'SameFiles?', { compared: { comparePredictions: false } })).toBe('RecordVerdict');
  });

  test('scores both models in the image of the run, on the frozen test set, each below a folder of its own', async () => {
    const state = stateOf(machine, 'ScoreBoth');
    if (state.Type !== 'Parallel') throw new Error('not a parallel state');
    const known = {
      ...variables,
      execution: 'e-1',
      snapshot: { ...variables.snapshot, testUri: 's3://test/' },
      compared: { original: 's3://lake/training/late/first/model.tar.gz' },
      trained: { artifact: 's3://lake/training/late/second/model.tar.gz' },
      originalModel: 'job-or-0',
      rebuiltModel: 'job-re-0',
    };
    const of = async (title: string, index: number) => {
      const inner = JSON.parse(JSON.stringify(state.Branches[index]?.States ?? {}));
      return {
        create: await evaluate(inner[`Create${title}`].Arguments, known),
        score: await evaluate(inner[`Score${title}`].Arguments, known),
      };
    };
    for (const [index, [title, artifact, name]] of [
      ['Original', known.compared.original, 'job-or-0'],
      ['Rebuilt', known.trained.artifact, 'job-re-0'],
    ].entries()) {
      const { create, score } = await of(String(title), index);
      expect(create).toMatchObject({
        ModelName: name,
        EnableNetworkIsolation: true,
        PrimaryContainer: { Image: 'the image of then', ModelDataUrl: artifact },
      });
      expect(score).toMatchObject({
        ModelName: name,
        TransformInput: { DataSource: { S3DataSource: { S3Uri: 's3://test/' } } },
        TransformOutput: { S3OutputPath: `s3://lake/scores/late/e-1/${String(title).toLowerCase()}` },
      });
    }
  });

  test('calls nothing that registers or serves', () => {
    const resources = JSON.stringify(machine).match(/arn:aws:states:::[^"]+/g) ?? [];
    expect(new Set(resources)).toEqual(
      new Set([
        'arn:aws:states:::lambda:invoke',
        'arn:aws:states:::sagemaker:createTrainingJob.sync',
        'arn:aws:states:::sagemaker:createTransformJob.sync',
        'arn:aws:states:::aws-sdk:sagemaker:createModel',
        'arn:aws:states:::aws-sdk:sagemaker:deleteModel',
        'arn:aws:states:::aws-sdk:cloudwatch:putMetricData',
      ]),
    );
  });
});
