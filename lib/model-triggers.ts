import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { MonitoringInput, RetrainingInput } from '../contracts/machines.ts';
import type { ModelConfig } from '../contracts/model-config.ts';
import { alarmName, packageGroupName } from '../contracts/names.ts';
import type { ModelMachines } from './model-machines.ts';
import type { SharedResources } from './shared-resources.ts';
import { allow, useKey } from './statements.ts';
import { StoppedExecutions } from './stopped-executions.ts';

export interface ModelTriggersProps {
  readonly platform: string;
  readonly model: ModelConfig;
  readonly machines: ModelMachines;
  readonly shared: SharedResources;
}

/** When a window is closed and judged, in UTC: as long after the hour, day or week as late capture files may take. */
export function monitoringCron({ every, lagMinutes }: Pick<ModelConfig['monitoring'], 'every' | 'lagMinutes'>): string {
  const [hours, minutes] = [Math.floor(lagMinutes / 60), lagMinutes % 60];
  switch (every) {
    case 'hour':
      return `cron(${minutes} * * * ? *)`;
    case 'day':
      return `cron(${minutes} ${hours} * * ? *)`;
    case 'week':
      return `cron(${minutes} ${hours} ? * MON *)`;
    default:
      return every satisfies never;
  }
}

/** What happens without a person: an approved package, a drift alarm or the end of a window starts a machine; one that stops is told. */
export class ModelTriggers extends Construct {
  constructor(scope: Construct, id: string, props: ModelTriggersProps) {
    super(scope, id);
    const { deployment, retraining, monitoring } = props.machines.all;
    const deadLetterConfig = { arn: props.shared.undeliveredArn };
    const ruleRole = this.starterRole('Rules', 'events.amazonaws.com', [deployment.arn, retraining.arn], props);
    this.onApproval(props, { arn: deployment.arn, roleArn: ruleRole.roleArn, deadLetterConfig });
    this.onDrift(props, { arn: retraining.arn, roleArn: ruleRole.roleArn, deadLetterConfig });

    new StoppedExecutions(this, 'Stopped', {
      platform: props.platform,
      model: props.model.name,
      machineArns: Object.values(props.machines.all).map(({ arn }) => arn),
      undeliveredArn: props.shared.undeliveredArn,
    });

    const scheduleRole = this.starterRole('Schedule', 'scheduler.amazonaws.com', [monitoring.arn], props);
    const input: MonitoringInput = { windowEnd: '<aws.scheduler.scheduled-time>' };
    new CfnSchedule(this, 'Monitoring', {
      description: `${props.model.name}: a window closed`,
      scheduleExpression: monitoringCron(props.model.monitoring),
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      kmsKeyArn: props.shared.dataKeyArn,
      target: {
        arn: monitoring.arn,
        roleArn: scheduleRole.roleArn,
        input: JSON.stringify(input),
        deadLetterConfig,
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
      },
    });
  }

  /** Every change of an approved package sends this event again; the machine stops at once when the package is live. */
  private onApproval({ platform, model }: ModelTriggersProps, target: Omit<CfnRule.TargetProperty, 'id'>): void {
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

  private onDrift({ platform, model }: ModelTriggersProps, target: Omit<CfnRule.TargetProperty, 'id'>): void {
    const trigger: RetrainingInput['trigger'] = 'drift';
    new CfnRule(this, 'OnDrift', {
      description: `${model.name}: the drift alarm went off`,
      eventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [alarmName(platform, model.name, 'drift')], state: { value: ['ALARM'] } },
      },
      targets: [
        {
          id: 'Retraining',
          ...target,
          inputTransformer: {
            inputPathsMap: { reason: '$.detail.state.reason' },
            inputTemplate: `{"trigger": "${trigger}", "cause": <reason>}`,
          },
        },
      ],
    });
  }

  private starterRole(
    id: string,
    service: string,
    machineArns: readonly string[],
    { shared }: ModelTriggersProps,
  ): Role {
    const role = new Role(this, `${id}Role`, { assumedBy: new ServicePrincipal(service) });
    new ManagedPolicy(this, `${id}Policy`, {
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
