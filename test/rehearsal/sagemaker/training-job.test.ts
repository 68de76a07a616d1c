import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGE, ROLE, type ServiceRig, serviceRig } from './service-rig.ts';

let rig: ServiceRig;
beforeAll(async () => {
  rig = await serviceRig({ busyScript: 1, stopGrace: 1 });
  await rig.putArchive('s3://lake/code/source.tar.gz', { 'train.py': TRAIN });
  await rig.objects.store.put('s3://lake/train/part-0.csv', 'a,b\n');
  await rig.objects.store.put('s3://lake/train/deep/part-1.csv', 'c,d\n');
});
afterAll(() => rig.close());

/** Prints what it was given, and does what its hyperparameters say. */
const TRAIN = `
import argparse, json, os, sys, time
p = argparse.ArgumentParser()
p.add_argument('--mode', default=''); p.add_argument('--depth', type=int, default=0); p.add_argument('--ratio', type=float, default=0)
a = p.parse_args()
train = os.environ['SM_CHANNEL_TRAIN']
print('files', sorted(os.path.relpath(os.path.join(d, f), train) for d, _, fs in os.walk(train) for f in fs))
print('year', time.gmtime().tm_year, 'args', a.depth, a.ratio, os.environ['SM_HP_DEPTH'] if 'SM_HP_DEPTH' in os.environ else '')
print('config', sorted(os.listdir(os.environ['SM_INPUT_CONFIG_DIR'])), json.loads(os.environ['SM_HPS']))
print('validation-auc:0.5'); print('validation-auc:0.71')
print('key', os.environ.get('AWS_ACCESS_KEY_ID'), 'checkpoints', os.listdir(os.environ['SM_CHECKPOINT_DIR']))
open(os.path.join(os.environ['SM_MODEL_DIR'], 'model.json'), 'w').write('{}')
open(os.path.join(os.environ['SM_CHECKPOINT_DIR'], 'epoch-1'), 'w').write('1')
if a.mode == 'fail': open(os.path.join(os.environ['SM_OUTPUT_DIR'], 'failure'), 'w').write('no target column'); sys.exit(3)
if a.mode == 'raise': raise KeyError('target')
if a.mode == 'nap': time.sleep(7200)
if a.mode == 'spin':
    while True: pass
if a.mode == 'connect':
    import socket
    try: socket.create_connection(('127.0.0.1', 9), 1)
    except OSError as e: print('network', e)
`;

const job = (name: string, hyperparameters: Record<string, string> = {}, more: object = {}) => ({
  TrainingJobName: name,
  RoleArn: ROLE,
  AlgorithmSpecification: {
    TrainingImage: IMAGE,
    TrainingInputMode: 'File',
    MetricDefinitions: [{ Name: 'validation:auc', Regex: 'validation-auc:([0-9.]+)' }],
  },
  HyperParameters: {
    sagemaker_program: 'train.py',
    sagemaker_submit_directory: 's3://lake/code/source.tar.gz',
    ...hyperparameters,
  },
  InputDataConfig: [
    { ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://lake/train/' } } },
  ],
  OutputDataConfig: { S3OutputPath: 's3://lake/out/', KmsKeyId: 'key-1' },
  ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 5 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  ...more,
});

const run = async (request: ReturnType<typeof job>, seconds = 10_000) => {
  await rig.call('CreateTrainingJob', request);
  await rig.control.advance(seconds);
  return rig.call('DescribeTrainingJob', { TrainingJobName: request.TrainingJobName });
};
const log = () => (rig.logs.get('/aws/sagemaker/TrainingJobs') ?? []).join('\n');

describe('a training job', () => {
  it('runs the script of its source bundle with channels, hyperparameters and virtual time, and keeps its artefacts', async () => {
    const shown = await run(job('good', { depth: '6', ratio: '0.5' }));
    expect(shown).toMatchObject({
      TrainingJobStatus: 'Completed',
      SecondaryStatus: 'Completed',
      ModelArtifacts: { S3ModelArtifacts: 's3://lake/out/good/output/model.tar.gz' },
      FinalMetricDataList: [{ MetricName: 'validation:auc', Value: 0.71 }],
    });
    expect(shown).not.toHaveProperty('FailureReason');
    expect(log()).toContain("files ['deep/part-1.csv', 'part-0.csv']");
    expect(log()).toContain('year 2001 args 6 0.5 6');
    expect(log()).toContain("config ['hyperparameters.json', 'inputdataconfig.json', 'resourceconfig.json']");
    const artefact = rig.objects.stored.get('s3://lake/out/good/output/model.tar.gz');
    expect(artefact?.options).toMatchObject({ kmsKeyId: 'key-1' });
    expect(execFileSync('tar', ['-tzf', '-'], { input: artefact?.body }).toString()).toContain('model.json');
    expect(rig.control.jobsDone).toContain('TrainingJob good');
    expect(rig.control.points).toContainEqual(
      expect.objectContaining({ namespace: '/aws/sagemaker/TrainingJobs', name: 'validation:auc', value: 0.71 }),
    );
  });

  it('goes through the steps of the service, each announced', async () => {
    await run(job('steps'));
    const steps = rig.control.events
      .filter((change) => change.detail.TrainingJobName === 'steps')
      .map((change) => `${change.type}: ${String(change.detail.SecondaryStatus)}`);
    expect(steps).toEqual(
      ['Starting', 'Downloading', 'Training', 'Uploading', 'Completed'].map(
        (status) => `SageMaker Training Job State Change: ${status}`,
      ),
    );
  });

  it('fails with what the script left in its failure file, or else with its last lines', async () => {
    expect(await run(job('fails', { mode: 'fail' }))).toMatchObject({
      TrainingJobStatus: 'Failed',
      FailureReason: 'AlgorithmError: no target column, exit code: 3',
    });
    expect((await run(job('raises', { mode: 'raise' }))).FailureReason).toMatch(/KeyError: 'target'.*exit code: 1$/s);
  });

  it('fails when there is no data, or no right to read it, and says which', async () => {
    const channel = (uri: string) => ({
      InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri } } }],
    });
    expect((await run(job('empty', {}, channel('s3://lake/none/')))).FailureReason).toMatch(
      /^ClientError: Data download failed:No S3 objects found under S3 URL "s3:\/\/lake\/none\/"/,
    );
    expect((await run(job('foreign', {}, channel('s3://forbidden/a/')))).FailureReason).toMatch(
      /Error message from S3: AccessDenied/,
    );
  });

  it('fails when its role may not write the artefacts', async () => {
    const shown = await run(job('unwritable', {}, { OutputDataConfig: { S3OutputPath: 's3://forbidden/out' } }));
    expect(shown.FailureReason).toMatch(/^ClientError: Failed to upload model artifacts.*AccessDenied/);
  });

  it('reads the objects that a manifest names, and no others', async () => {
    await rig.objects.store.put('s3://lake/manifest', JSON.stringify([{ prefix: 's3://lake/train/' }, 'part-0.csv']));
    const source = { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://lake/manifest' } };
    await run(job('manifest', {}, { InputDataConfig: [{ ChannelName: 'train', DataSource: source }] }));
    expect(log()).toContain("files ['part-0.csv']");
  });

  it('lets a sleeping script spend virtual time, and stops it at its time limit to the second', async () => {
    const shown = await run(job('naps', { mode: 'nap' }, { StoppingCondition: { MaxRuntimeInSeconds: 1800 } }));
    expect(shown).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
    const training = Object(shown.SecondaryStatusTransitions).find(
      (step: { Status: string }) => step.Status === 'Training',
    );
    expect(training.EndTime - training.StartTime).toBeCloseTo(1800, 3);
  });

  it('stops a script that computes for ever, as if its time limit had come', async () => {
    const shown = await run(job('spins', { mode: 'spin' }, { StoppingCondition: { MaxRuntimeInSeconds: 1800 } }));
    expect(shown).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
  });

  it('can be stopped while its script sleeps, and the clock does not lose count', async () => {
    await rig.call('CreateTrainingJob', job('stopped', { mode: 'nap' }));
    await rig.control.advance(600);
    await rig.call('StopTrainingJob', { TrainingJobName: 'stopped' });
    await rig.control.advance(600);
    expect(await rig.call('DescribeTrainingJob', { TrainingJobName: 'stopped' })).toMatchObject({
      TrainingJobStatus: 'Stopped',
    });
    expect(await rig.refusal('StopTrainingJob', { TrainingJobName: 'stopped' })).toMatch(/in status Stopped/);
    expect(rig.control.tokens()).toBe(0);
  });

  it('shows the instance type chosen among its preferences', async () => {
    const preferences = ['ml.g5.xlarge', 'ml.m5.xlarge'].map((InstanceType) => ({ InstanceType }));
    const shown = await run(
      job(
        'preferences',
        {},
        { ResourceConfig: { InstanceCount: 1, VolumeSizeInGB: 5, InstancePreferences: preferences } },
      ),
    );
    expect(shown.ResourceConfig).toMatchObject({ SelectedInstanceType: 'ml.g5.xlarge', SelectedInstanceCount: 1 });
  });

  it('on spot bills less than it took, and keeps its checkpoints', async () => {
    await rig.objects.store.put('s3://lake/checkpoints/epoch-0', '0');
    const shown = await run(
      job(
        'spot',
        {},
        {
          EnableManagedSpotTraining: true,
          StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 },
          CheckpointConfig: { S3Uri: 's3://lake/checkpoints' },
        },
      ),
    );
    expect(Number(shown.BillableTimeInSeconds)).toBeLessThan(Number(shown.TrainingTimeInSeconds));
    expect(log()).toContain("checkpoints ['epoch-0']");
    expect(rig.objects.text('s3://lake/checkpoints/epoch-1')).toBe('1');
  });

  it('with network isolation takes its code from a channel, gets no credentials and reaches no address', async () => {
    const isolated = { EnableNetworkIsolation: true };
    const refused = await run(job('no-channel', {}, isolated));
    expect(refused.FailureReason).toMatch(/a job with network isolation cannot fetch s3:\/\/lake\/code/);
    const channels = [
      ['train', 's3://lake/train/'],
      ['code', 's3://lake/code/'],
    ].map(([ChannelName, S3Uri]) => ({
      ChannelName,
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri } },
    }));
    const submitted = { sagemaker_submit_directory: '/opt/ml/input/data/code/source.tar.gz', mode: 'connect' };
    await run(job('isolated', submitted, { ...isolated, InputDataConfig: channels }));
    expect(log()).toContain('key None');
    expect(log()).toMatch(/network .*network isolation: this container may not connect to/);
  });

  it('leaves no process and no token behind', () => {
    expect(rig.processes()).toBe(0);
    expect(rig.control.tokens()).toBe(0);
    expect(rig.control.problems).toEqual([]);
  });
});

describe('CreateTrainingJob', () => {
  it.each([
    ['a name that was ever used', job('good'), /^ResourceInUse: Training job names must be unique/],
    [
      'an image the rehearsal cannot run',
      job('image', {}, { AlgorithmSpecification: { TrainingImage: '1.dkr.ecr.us-east-1.amazonaws.com/mine:1' } }),
      /^ValidationException: .*ready-made XGBoost images only \(got 1\.dkr/,
    ],
    [
      'spot without a wait time',
      job('wait', {}, { EnableManagedSpotTraining: true }),
      /^ValidationException: Invalid MaxWaitTimeInSeconds/,
    ],
    [
      'preferences together with spot',
      job(
        'both',
        {},
        {
          EnableManagedSpotTraining: true,
          StoppingCondition: { MaxRuntimeInSeconds: 1, MaxWaitTimeInSeconds: 2 },
          ResourceConfig: { InstanceCount: 1, InstancePreferences: [{ InstanceType: 'ml.g5.xlarge' }] },
        },
      ),
      /InstancePreferences cannot be used together with EnableManagedSpotTraining/,
    ],
    [
      'preferences that count instances twice',
      job(
        'counts',
        {},
        {
          ResourceConfig: {
            InstanceCount: 1,
            InstancePreferences: [{ InstanceType: 'ml.g5.xlarge', InstanceCount: 1 }],
          },
        },
      ),
      /InstanceCount must be set either/,
    ],
  ])('refuses %s', async (_what, request, message) => {
    expect(await rig.refusal('CreateTrainingJob', request)).toMatch(message);
  });

  it('is refused clearly when the operation is not there', async () => {
    expect(await rig.refusal('CreateAutoMLJob', {})).toMatch(/^UnknownOperationException: .*CreateAutoMLJob/);
  });
});
