import { afterAll, beforeAll, expect, it } from 'vitest';
import { IMAGE, ROLE, type ServiceRig, serviceRig } from './service-rig.ts';

/** Counts the lines of its input; what it is told decides how it ends. */
const COUNT = `
set -e
cd /opt/ml/processing
if [ "$MOOD" = bad ]; then echo "no good" ; mkdir -p ../output; printf 'it was the mood' > ../output/message; exit 3; fi
if [ "$MOOD" = slow ]; then exec sleep 60; fi
mkdir -p output/inner
wc -l < input/rows/a.csv > output/inner/count
ls input/rows > output/names
printenv AWS_ACCESS_KEY_ID > output/key || echo none > output/key
`;

let rig: ServiceRig;
beforeAll(async () => {
  rig = await serviceRig({ stopGrace: 1, busyScript: 1 });
  await rig.objects.store.put('s3://lake/in/a.csv', '1\n2\n3\n');
  await rig.objects.store.put('s3://lake/in/b.csv', '');
});
afterAll(() => rig.close());

const input = (uri: string, more: object = {}) => ({
  InputName: 'rows',
  S3Input: {
    S3Uri: uri,
    LocalPath: '/opt/ml/processing/input/rows',
    S3DataType: 'S3Prefix',
    S3InputMode: 'File',
    ...more,
  },
});
const output = (uri: string, more: object = {}) => ({
  Outputs: [
    {
      OutputName: 'counts',
      S3Output: { S3Uri: uri, LocalPath: '/opt/ml/processing/output', S3UploadMode: 'EndOfJob', ...more },
    },
  ],
  KmsKeyId: 'key-1',
});
const job = (name: string, mood = '', more: object = {}) => ({
  ProcessingJobName: name,
  RoleArn: ROLE,
  AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ['/bin/sh', '-c', COUNT] },
  ProcessingInputs: [input('s3://lake/in/')],
  ProcessingOutputConfig: output(`s3://lake/out/${name}`),
  ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 10 } },
  NetworkConfig: { EnableNetworkIsolation: true },
  Environment: { MOOD: mood },
  ...more,
});
const run = async (request: ReturnType<typeof job>) => {
  await rig.call('CreateProcessingJob', request);
  await rig.control.advance(4000);
  return rig.call('DescribeProcessingJob', { ProcessingJobName: request.ProcessingJobName });
};

it('brings the inputs, runs the entry point and takes the outputs, encrypted and below their folder', async () => {
  expect(await run(job('counts'))).toMatchObject({
    ProcessingJobStatus: 'Completed',
    StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
  });
  expect(rig.objects.text('s3://lake/out/counts/inner/count').trim()).toBe('3');
  expect(rig.objects.text('s3://lake/out/counts/names')).toBe('a.csv\nb.csv\n');
  expect(rig.objects.stored.get('s3://lake/out/counts/names')?.options).toMatchObject({ kmsKeyId: 'key-1' });
  expect(rig.control.jobsDone).toEqual(['ProcessingJob counts']);
  const changes = rig.control.events.filter(({ type }) => type === 'SageMaker Processing Job State Change');
  expect(changes.map(({ detail }) => detail.ProcessingJobStatus)).toEqual(['InProgress', 'Completed']);
});

it('gives a container without network no credentials, and one with network those of the role', async () => {
  expect(rig.objects.text('s3://lake/out/counts/key')).toBe('none\n');
  await run(job('connected', '', { NetworkConfig: {} }));
  expect(rig.objects.text('s3://lake/out/connected/key')).toBe('key\n');
});

it('fails with what the container left as its message, and then uploads nothing', async () => {
  expect(await run(job('moody', 'bad'))).toMatchObject({
    ProcessingJobStatus: 'Failed',
    ExitMessage: 'it was the mood',
    FailureReason: 'AlgorithmError: it was the mood, exit code: 3',
  });
  expect([...rig.objects.stored.keys()].filter((key) => key.includes('moody'))).toEqual([]);
  expect(rig.logs.get('/aws/sagemaker/ProcessingJobs')).toContain('no good');
});

it('fails with what it could not read or write', async () => {
  const unread = { ProcessingInputs: [input('s3://lake/none/')] };
  expect((await run(job('unread', '', unread))).FailureReason).toMatch(/No S3 objects found/);
  const unwritable = { ProcessingOutputConfig: output('s3://forbidden/x') };
  expect((await run(job('unwritable', '', unwritable))).FailureReason).toMatch(/AccessDenied/);
});

it('is stopped when its time is over, or by hand', async () => {
  const limited = { StoppingCondition: { MaxRuntimeInSeconds: 100 } };
  await rig.call('CreateProcessingJob', job('slow', 'slow', limited));
  await rig.control.advance(4000);
  expect(await rig.call('DescribeProcessingJob', { ProcessingJobName: 'slow' })).toMatchObject({
    ProcessingJobStatus: 'Stopped',
  });
  await rig.call('CreateProcessingJob', job('by-hand'));
  await rig.call('StopProcessingJob', { ProcessingJobName: 'by-hand' });
  await rig.control.advance(4000);
  const listed = await rig.call('ListProcessingJobs', { NameContains: 'by-hand' });
  expect(listed.ProcessingJobSummaries).toMatchObject([
    { ProcessingJobName: 'by-hand', ProcessingJobStatus: 'Stopped' },
  ]);
  expect(await rig.refusal('StopProcessingJob', { ProcessingJobName: 'by-hand' })).toMatch(/in status Stopped/);
});

it('refuses a used name, an unknown job, another image and what is not emulated', async () => {
  expect(await rig.refusal('CreateProcessingJob', job('counts'))).toMatch(/^ResourceInUse/);
  expect(await rig.refusal('DescribeProcessingJob', { ProcessingJobName: 'x' })).toMatch(
    /Could not find requested job/,
  );
  const other = { AppSpecification: { ImageUri: 'mine:1', ContainerEntrypoint: ['/bin/sh'] } };
  expect(await rig.refusal('CreateProcessingJob', job('a', '', other))).toMatch(/ready-made XGBoost images only/);
  const odd = {
    AppSpecification: { ImageUri: IMAGE },
    ProcessingInputs: [input('s3://lake/in/', { S3InputMode: 'Pipe', LocalPath: '/tmp/x' })],
    ProcessingOutputConfig: output('s3://lake/out', { S3UploadMode: 'Continuous' }),
  };
  expect(await rig.refusal('CreateProcessingJob', job('b', '', odd))).toMatch(
    /own entry point, S3InputMode Pipe of rows, LocalPath \/tmp\/x of rows, S3UploadMode Continuous of counts/,
  );
});

it('leaves no process, no token and no problem behind', () => {
  expect([rig.processes(), rig.control.tokens(), rig.control.problems]).toEqual([0, 0, []]);
});
