import { afterAll, beforeAll, expect, it } from 'vitest';
import { IMAGE, ROLE, type ServiceRig, serviceRig } from './service-rig.ts';

let rig: ServiceRig;
const GROUP = 'arn:aws:sagemaker:us-east-1:123456789012:model-package-group/flights';
const PACKAGE = (version: number) => `arn:aws:sagemaker:us-east-1:123456789012:model-package/flights/${version}`;
const candidate = (more: object = {}) => ({
  ModelPackageGroupName: 'flights',
  InferenceSpecification: {
    Containers: [
      {
        Image: IMAGE,
        ModelDataUrl: 's3://lake/model.tar.gz',
        Environment: { SAGEMAKER_PROGRAM: 'inference.py', A: '1' },
      },
    ],
    SupportedContentTypes: ['application/json'],
  },
  CustomerMetadataProperties: { auc: '0.71', run: 'r1' },
  ...more,
});

beforeAll(async () => {
  rig = await serviceRig();
  await rig.putArchive('s3://lake/model.tar.gz', { 'code/inference.py': '' });
  await rig.call('CreateModelPackageGroup', { ModelPackageGroupName: 'flights', Tags: [{ Key: 'team', Value: 'a' }] });
});
afterAll(() => rig.close());

const model = (name: string, container: object, more: object = {}) => ({
  ModelName: name,
  ExecutionRoleArn: ROLE,
  PrimaryContainer: container,
  ...more,
});

it('numbers the packages of a group and never uses a number again', async () => {
  expect(await rig.call('CreateModelPackage', candidate())).toEqual({ ModelPackageArn: PACKAGE(1) });
  await rig.call('CreateModelPackage', candidate());
  await rig.call('DeleteModelPackage', { ModelPackageName: PACKAGE(2) });
  expect(await rig.call('CreateModelPackage', candidate())).toEqual({ ModelPackageArn: PACKAGE(3) });
  expect(await rig.call('DescribeModelPackage', { ModelPackageName: PACKAGE(1) })).toMatchObject({
    ModelPackageVersion: 1,
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: 'PendingManualApproval',
    CustomerMetadataProperties: { auc: '0.71' },
  });
});

it('tells who made a package and who changed it last, and the digest of its image', async () => {
  const { ModelPackageArn } = await rig.call(
    'CreateModelPackage',
    candidate(),
    'arn:aws:sts::1:assumed-role/training/x',
  );
  await rig.call('UpdateModelPackage', { ModelPackageArn, ModelApprovalStatus: 'Rejected' }, 'arn:aws:iam::1:user/ann');
  expect(await rig.call('DescribeModelPackage', { ModelPackageName: ModelPackageArn })).toMatchObject({
    CreatedBy: { IamIdentity: { Arn: 'arn:aws:sts::1:assumed-role/training/x' } },
    LastModifiedBy: { IamIdentity: { Arn: 'arn:aws:iam::1:user/ann' } },
    InferenceSpecification: { Containers: [{ ImageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }] },
  });
  await rig.call('DeleteModelPackage', { ModelPackageName: ModelPackageArn });
});

it('announces registration, and every edit with the fields that changed', async () => {
  await rig.call('UpdateModelPackage', { ModelPackageArn: PACKAGE(1), ModelApprovalStatus: 'Approved' });
  const lifeCycle = { Stage: 'Production', StageStatus: 'Live' };
  await rig.call('UpdateModelPackage', {
    ModelPackageArn: PACKAGE(1),
    ModelLifeCycle: lifeCycle,
    CustomerMetadataProperties: { note: 'x' },
    CustomerMetadataPropertiesToRemove: ['run'],
  });
  const own = rig.control.events.filter((change) => change.detail.ModelPackageArn === PACKAGE(1));
  expect(
    own.map((change) => [change.type, change.detail.ModelApprovalStatus, change.detail.UpdatedModelPackageFields]),
  ).toEqual([
    ['SageMaker Model Package State Change', 'PendingManualApproval', undefined],
    ['SageMaker Model Package State Change', 'Approved', ['ModelApprovalStatus']],
    [
      'SageMaker Model Package State Change',
      'Approved',
      ['CustomerMetadataProperties', 'CustomerMetadataPropertiesToRemove', 'ModelLifeCycle'],
    ],
  ]);
  const shown = await rig.call('DescribeModelPackage', { ModelPackageName: PACKAGE(1) });
  expect(shown).toMatchObject({ ModelLifeCycle: lifeCycle, CustomerMetadataProperties: { auc: '0.71', note: 'x' } });
  expect(shown.CustomerMetadataProperties).not.toHaveProperty('run');
});

it('lists packages by group and approval, page by page', async () => {
  const page = await rig.call('ListModelPackages', { ModelPackageGroupName: GROUP, MaxResults: 1 });
  expect(page.ModelPackageSummaryList).toMatchObject([{ ModelPackageVersion: 1 }]);
  const next = await rig.call('ListModelPackages', {
    ModelPackageGroupName: 'flights',
    MaxResults: 1,
    NextToken: page.NextToken,
  });
  expect(next.ModelPackageSummaryList).toMatchObject([{ ModelPackageVersion: 3 }]);
  expect(next).not.toHaveProperty('NextToken');
  const approved = await rig.call('ListModelPackages', { ModelApprovalStatus: 'Approved' });
  expect(approved.ModelPackageSummaryList).toMatchObject([{ ModelPackageArn: PACKAGE(1) }]);
});

it('keeps tags of what was made with them, and changes them', async () => {
  await rig.call('AddTags', { ResourceArn: GROUP, Tags: [{ Key: 'cost', Value: 'b' }] });
  await rig.call('DeleteTags', { ResourceArn: GROUP, TagKeys: ['team'] });
  expect(await rig.call('ListTags', { ResourceArn: GROUP })).toEqual({ Tags: [{ Key: 'cost', Value: 'b' }] });
});

it('makes a model of an approved package only, with the package’s container', async () => {
  await rig.call('CreateModel', model('from-package', { ModelPackageName: PACKAGE(1), Environment: { A: '2' } }));
  expect(await rig.call('DescribeModel', { ModelName: 'from-package' })).toMatchObject({
    PrimaryContainer: { ModelPackageName: PACKAGE(1) },
  });
  expect(await rig.refusal('CreateModel', model('pending', { ModelPackageName: PACKAGE(3) }))).toMatch(
    /PendingManualApproval/,
  );
});

it.each([
  [
    'exists',
    model('from-package', { ModelPackageName: PACKAGE(1) }),
    /^ValidationException: Cannot create already existing model/,
  ],
  [
    'has no data',
    model('m1', { Image: IMAGE, ModelDataUrl: 's3://lake/none.tar.gz' }),
    /Could not find model data at s3:\/\/lake\/none.tar.gz/,
  ],
  [
    'has data its role cannot read',
    model('m2', { Image: IMAGE, ModelDataUrl: 's3://forbidden/m.tar.gz' }),
    /Could not access model data.*s3:GetObject/,
  ],
  [
    'has another image',
    model('m3', { Image: 'mine:1', ModelDataUrl: 's3://lake/model.tar.gz' }),
    /PrimaryContainer.Image: the rehearsal runs/,
  ],
  ['has no role', { ModelName: 'm4', PrimaryContainer: { Image: IMAGE } }, /ExecutionRoleArn is required/],
  ['has no container', { ModelName: 'm5', ExecutionRoleArn: ROLE }, /One of PrimaryContainer or Containers/],
])('refuses a model that %s', async (_what, request, message) => {
  expect(await rig.refusal('CreateModel', request)).toMatch(message);
});

it('deletes models and configs by name, and refuses unknown ones in the service’s words', async () => {
  const config = {
    EndpointConfigName: 'c1',
    ProductionVariants: [
      { VariantName: 'v', ModelName: 'from-package', InstanceType: 'ml.m5.large', InitialInstanceCount: 1 },
    ],
  };
  await rig.call('CreateEndpointConfig', config);
  expect(await rig.call('DescribeEndpointConfig', { EndpointConfigName: 'c1' })).toMatchObject(config);
  expect(await rig.refusal('CreateEndpointConfig', config)).toMatch(
    /Cannot create already existing endpoint configuration/,
  );
  expect((await rig.call('ListEndpointConfigs', { NameContains: 'c' })).EndpointConfigs).toHaveLength(1);
  await rig.call('DeleteEndpointConfig', { EndpointConfigName: 'c1' });
  await rig.call('DeleteModel', { ModelName: 'from-package' });
  expect((await rig.call('ListModels', {})).Models).toEqual([]);
  expect(await rig.refusal('DeleteModel', { ModelName: 'from-package' })).toMatch(
    /Could not find model "arn:aws:sagemaker/,
  );
  expect(await rig.refusal('CreateEndpointConfig', { ...config, EndpointConfigName: 'c2' })).toMatch(
    /Could not find model/,
  );
  expect(await rig.refusal('DescribeEndpointConfig', { EndpointConfigName: 'c1' })).toMatch(
    /Could not find endpoint configuration/,
  );
});

it('deletes a group only when it is empty', async () => {
  expect(await rig.refusal('DeleteModelPackageGroup', { ModelPackageGroupName: 'flights' })).toMatch(
    /^ConflictException/,
  );
  for (const version of [1, 3]) await rig.call('DeleteModelPackage', { ModelPackageName: PACKAGE(version) });
  await rig.call('DeleteModelPackageGroup', { ModelPackageGroupName: 'flights' });
  expect(await rig.refusal('DescribeModelPackageGroup', { ModelPackageGroupName: 'flights' })).toMatch(
    /does not exist/,
  );
});
