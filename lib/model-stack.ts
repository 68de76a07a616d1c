import { CustomResource, Stack, type StackProps } from 'aws-cdk-lib';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import { DeploymentSpecSchema } from '../contracts/deployment.ts';
import type { CleanupPropertiesSchema } from '../contracts/functions.ts';
import type { ModelConfig } from '../contracts/model-config.ts';
import {
  deploymentSpecName,
  endpointName,
  jobPrefix,
  machineLogGroup,
  modelDashboardName,
  packageGroupName,
} from '../contracts/names.ts';
import { acknowledgeFindings } from './acknowledge.ts';
import { dashboardWidgets } from './dashboard-widgets.ts';
import { deploymentSpec, type Realtime } from './deployment-spec.ts';
import { fixFeatureFlags } from './feature-flags.ts';
import { encryptedLogGroup } from './logs.ts';
import { ModelAlarms } from './model-alarms.ts';
import { ModelMachines } from './model-machines.ts';
import { ModelTriggers } from './model-triggers.ts';
import { SageMakerRoles } from './sagemaker-roles.ts';
import type { SharedResources } from './shared-resources.ts';
import { bundleHash } from './source-bundle.ts';
import { xgboostImage } from './xgboost-image.ts';

export interface ModelStackProps extends StackProps {
  readonly platform: string;
  readonly runbookUrl: string;
  /** Whether the model gets a dashboard of its own. Left out: it is only a line in the fleet's. */
  readonly dashboard?: boolean;
  /** Minutes that the fleet's windows are spread over. Left out: 1, none. */
  readonly spreadMinutes?: number;
  readonly model: ModelConfig;
  readonly serving: Realtime;
  readonly shared: SharedResources;
  /** Path of the model's source bundle. */
  readonly sourceBundle: string;
}

/**
 * Everything of one model that has a stable name. SageMaker Models, endpoint configs and the endpoint itself belong to the
 * deployment machine (docs/decisions/endpoint-ownership.md); the deployment spec shows here how the model is served.
 */
export class ModelStack extends Stack {
  constructor(scope: Construct, id: string, props: ModelStackProps) {
    super(scope, id, props);
    fixFeatureFlags(this);
    const { platform, model, shared, runbookUrl } = props;
    const operations = Key.fromKeyArn(this, 'OperationsKey', shared.operationsKeyArn);
    const image = xgboostImage(this, 'XgboostRegistries', model.training.image);
    const source = new Asset(this, 'Source', { path: props.sourceBundle });
    const roles = new SageMakerRoles(this, 'SageMaker', { platform, model: model.name, shared, image });
    new CfnModelPackageGroup(this, 'Packages', {
      modelPackageGroupName: packageGroupName(platform, model.name),
      modelPackageGroupDescription: model.description ?? `Versions of ${model.name}`,
    });
    const name = endpointName(platform, model.name);
    encryptedLogGroup(this, 'EndpointLog', `/aws/sagemaker/Endpoints/${name}`, operations);
    const machines = new ModelMachines(this, 'Machines', {
      ...props,
      roles,
      imageUri: image.uri,
      source: { bucket: source.s3BucketName, key: source.s3ObjectKey, sha256: bundleHash(props.sourceBundle) },
      logGroup: encryptedLogGroup(this, 'MachineLog', machineLogGroup(platform, model.name), operations),
      greenAlarmDescription: `${model.name}: the fleet being deployed. What to do: ${runbookUrl}#alarm-green`,
    });
    const spec = this.deploymentSpec(props);
    new ModelAlarms(this, 'Alarms', { ...props, spec, topic: Topic.fromTopicArn(this, 'AlertTopic', shared.topicArn) });
    if (props.dashboard === true)
      new Dashboard(this, 'Dashboard', {
        dashboardName: modelDashboardName(platform, model.name),
        widgets: dashboardWidgets({ name: platform, runbookUrl }, [model.name]),
      });
    this.cleanUp(
      props,
      machines,
      roles,
      new ModelTriggers(this, 'Triggers', { ...props, machines, spreadMinutes: props.spreadMinutes ?? 1 }),
    );
    acknowledgeFindings(this);
  }

  private deploymentSpec({ platform, model, serving, shared }: ModelStackProps) {
    const spec = deploymentSpec(platform, model, serving, shared.lakeBucket);
    new StringParameter(this, 'DeploymentSpec', {
      parameterName: deploymentSpecName(platform, model.name),
      description: `How ${model.name} is served; read by its deployment machine`,
      tier: ParameterTier.STANDARD,
      stringValue: this.toJsonString(DeploymentSpecSchema.parse(spec)),
    });
    return spec;
  }

  /**
   * On deletion: first the triggers, so that nothing starts; then this, which stops what runs and deletes what the machines made;
   * then machines, roles and the rest, which SageMaker needs until its last step.
   */
  private cleanUp(
    { platform, model, shared }: ModelStackProps,
    machines: ModelMachines,
    roles: Construct,
    triggers: Construct,
  ) {
    const properties: Omit<z.infer<typeof CleanupPropertiesSchema>, 'ServiceToken'> = {
      EndpointName: endpointName(platform, model.name),
      PackageGroupName: packageGroupName(platform, model.name),
      JobPrefix: jobPrefix(platform, model.name),
      MachineArns: Object.values(machines.all).map(({ arn }) => arn),
    };
    const cleanUp = new CustomResource(this, 'CleanUp', {
      resourceType: 'Custom::ModelwayCleanUp',
      serviceToken: shared.cleanUpArn,
      properties,
    });
    cleanUp.node.addDependency(machines, roles, this.node.findChild('Packages'), this.node.findChild('EndpointLog'));
    triggers.node.addDependency(cleanUp);
  }
}
