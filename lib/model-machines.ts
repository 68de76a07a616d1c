import { Aws } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ModelConfig } from '../contracts/model-config.ts';
import { functionName, type MachineKind } from '../contracts/names.ts';
import { deploymentMachine } from './asl/deployment.ts';
import { intakeMachine } from './asl/intake.ts';
import type { MachineContext } from './asl/machine.ts';
import { monitoringMachine } from './asl/monitoring.ts';
import { reproductionMachine } from './asl/reproduction.ts';
import { retrainingMachine } from './asl/retraining.ts';
import type { Definition } from './asl/states.ts';
import { trainingMachine } from './asl/training.ts';
import type { SourceBundle } from './asl/training-job.ts';
import { Machine } from './machine.ts';
import { everyMachine } from './machine-permissions.ts';
import type { SageMakerRoles } from './sagemaker-roles.ts';
import type { SharedResources } from './shared-resources.ts';
import { arnHere } from './statements.ts';

export interface ModelMachinesProps {
  readonly platform: string;
  readonly model: ModelConfig;
  readonly shared: SharedResources;
  readonly roles: SageMakerRoles;
  readonly imageUri: string;
  readonly source: SourceBundle;
  readonly logGroup: ILogGroup;
  readonly greenAlarmDescription: string;
}

/** The six state machines of a model. */
export class ModelMachines extends Construct {
  readonly all: Readonly<Record<MachineKind, Machine>>;

  constructor(scope: Construct, id: string, props: ModelMachinesProps) {
    super(scope, id);
    const { platform, model, shared, roles } = props;
    const context: MachineContext = {
      model,
      functionArn: (name) => arnHere('lambda', `function:${functionName(platform, name)}`),
    };
    const vpc = {
      SecurityGroupIds: [shared.securityGroupId],
      Subnets: shared.subnetIds,
    };
    const surroundings = { region: Aws.REGION, keyArn: shared.dataKeyArn, vpc };
    const named = { ...props, model: model.name };
    const common = new ManagedPolicy(this, 'Common', { statements: [...everyMachine(named)] });
    const make = (kind: MachineKind, definition: Definition) =>
      new Machine(this, kind, { ...named, kind, definition, common });

    const job = {
      ...surroundings,
      imageUri: props.imageUri,
      source: props.source,
      jobRoleArn: roles.jobs.roleArn,
      lakeBucket: shared.lakeBucket,
    };
    const training = make('training', trainingMachine(context, job, platform));
    const retraining = make('retraining', retrainingMachine(context, training.arn, props.source.sha256));
    const intake = make(
      'intake',
      intakeMachine(context, retraining.arn, {
        ...surroundings,
        imageUri: props.imageUri,
        roleArn: roles.intake.roleArn,
        program: shared.intakeProgram,
      }),
    );
    const deployment = make(
      'deployment',
      deploymentMachine({
        ...context,
        ...surroundings,
        platform,
        tableName: shared.tableName,
        topicArn: shared.topicArn,
        endpointRoleArn: roles.endpoint.roleArn,
        greenAlarmDescription: props.greenAlarmDescription,
      }),
    );
    const monitoring = make('monitoring', monitoringMachine(context));
    const reproduction = make('reproduction', reproductionMachine(context, job));
    this.all = { intake, retraining, training, deployment, monitoring, reproduction };
  }
}
