import { Aws } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { RetrainingInput } from '../contracts/machines.ts';
import type { ModelConfig } from '../contracts/model-config.ts';
import { type AlarmKind, alarmName, packageGroupName } from '../contracts/names.ts';
import type { ModelMachines } from './model-machines.ts';
import { ModelSchedules } from './model-schedules.ts';
import type { SharedResources } from './shared-resources.ts';
import { allow, useKey } from './statements.ts';
import { StoppedExecutions } from './stopped-executions.ts';

export interface ModelTriggersProps {
  readonly platform: string;
  readonly model: ModelConfig;
  readonly machines: ModelMachines;
  /** Minutes that the fleet's windows are spread over; this model's minute comes from its name. */
  readonly spreadMinutes: number;
  readonly shared: SharedResources;
}

/** Alarms that ask whether to train, named as the trigger they are. The quality alarm stands for business targets too. */
const ASKING_ALARMS = ['drift', 'quality', 'concept-drift'] as const satisfies readonly (AlarmKind &
  RetrainingInput['trigger'])[];

type Target = Omit<CfnRule.TargetProperty, 'id'>;

/**
 * What happens without a person: an approved package, an alarm, a changed stack or the clock starts a machine; an execution that stops
 * is told.
 */
export class ModelTriggers extends Construct {
  constructor(scope: Construct, id: string, props: ModelTriggersProps) {
    super(scope, id);
    const { deployment, retraining, monitoring } = props.machines.all;
    const deadLetterConfig = { arn: props.shared.undeliveredArn };
    const { roleArn } = this.ruleRole([deployment.arn, retraining.arn], props.shared);
    this.onApproval(props, { arn: deployment.arn, roleArn, deadLetterConfig });
    const ask = { arn: retraining.arn, roleArn, deadLetterConfig };
    this.onAlarm(props, ask);
    if (props.model.retraining.onChange) this.onChange(props, ask);

    new StoppedExecutions(this, 'Stopped', {
      platform: props.platform,
      model: props.model.name,
      machineArns: Object.values(props.machines.all).map(({ arn }) => arn),
      undeliveredArn: props.shared.undeliveredArn,
    });
    new ModelSchedules(this, 'Schedules', {
      ...props,
      monitoringArn: monitoring.arn,
      retrainingArn: retraining.arn,
    });
  }

  /** Every change of an approved package sends this event again; the machine stops at once when the package is live. */
  private onApproval({ platform, model }: ModelTriggersProps, target: Target): void {
    new CfnRule(this, 'OnApproval', {
      description: `${model.name}: a package was approved`,
      eventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Model Package State Change'],
        detail: {
          ModelPackageGroupName: [packageGroupName(platform, model.name)],
          ModelApprovalStatus: ['Approved'],
        },
      },
      targets: [
        {
          id: 'Deployment',
          ...target,
          inputTransformer: {
            inputPathsMap: { package: '$.detail.ModelPackageArn' },
            inputTemplate: '{"modelPackageArn": <package>}',
          },
        },
      ],
    });
  }

  /** One rule for all of them: an event bus has 300 by default. The machine takes the trigger from the alarm's name. */
  private onAlarm({ platform, model }: ModelTriggersProps, target: Target): void {
    new CfnRule(this, 'OnAlarm', {
      description: `${model.name}: an alarm went off that asks whether to train`,
      eventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: {
          alarmName: ASKING_ALARMS.map((alarm) => alarmName(platform, model.name, alarm)),
          state: { value: ['ALARM'] },
        },
      },
      targets: [
        {
          id: 'Retraining',
          ...target,
          inputTransformer: {
            inputPathsMap: { alarm: '$.detail.alarmName', reason: '$.detail.state.reason' },
            inputTemplate: `{"alarm": <alarm>, "prefix": "${platform}-${model.name}-", "cause": <reason>}`,
          },
        },
      ],
    });
  }

  /** After every update of this stack; whether training itself changed is for the decision to say. */
  private onChange({ model }: ModelTriggersProps, target: Target): void {
    const input: RetrainingInput = { trigger: 'change', cause: 'the stack was updated' };
    new CfnRule(this, 'OnChange', {
      description: `${model.name}: the stack was updated`,
      eventPattern: {
        source: ['aws.cloudformation'],
        'detail-type': ['CloudFormation Stack Status Change'],
        detail: { 'stack-id': [Aws.STACK_ID], 'status-details': { status: ['UPDATE_COMPLETE'] } },
      },
      targets: [{ id: 'Retraining', ...target, input: JSON.stringify(input) }],
    });
  }

  private ruleRole(machineArns: readonly string[], shared: SharedResources): Role {
    const role = new Role(this, 'RulesRole', { assumedBy: new ServicePrincipal('events.amazonaws.com') });
    new ManagedPolicy(this, 'RulesPolicy', {
      roles: [role],
      statements: [
        allow(['states:StartExecution'], machineArns),
        allow(['sqs:SendMessage'], [shared.undeliveredArn]),
        useKey(shared.dataKeyArn),
      ],
    });
    return role;
  }
}
