import { ManagedPolicy, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { z } from 'zod';
import type { MonitoringInput, RetrainingInput } from '../contracts/machines.ts';
import type { ModelConfig } from '../contracts/model-config.ts';
import { minuteOf, RECONCILE_DELAY_MINUTES } from '../contracts/monitoring-schedule.ts';
import { functionName } from '../contracts/names.ts';
import type { ReconcileRequestSchema } from '../contracts/reconciliation.ts';
import type { SharedResources } from './shared-resources.ts';
import { allow, arnHere, useKey } from './statements.ts';

export interface ModelSchedulesProps {
  readonly platform: string;
  readonly model: ModelConfig;
  /** Minutes that the fleet's windows are spread over; this model's minute comes from its name. */
  readonly spreadMinutes: number;
  readonly monitoringArn: string;
  readonly retrainingArn: string;
  readonly shared: SharedResources;
}

/** Scheduler puts the instant it was to fire at in place of this. */
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/**
 * When a window is closed and judged, in UTC: as long after the hour, day or week as late capture files may take, and `later`
 * minutes more.
 */
export function monitoringCron(
  { every, lagMinutes }: Pick<ModelConfig['monitoring'], 'every' | 'lagMinutes'>,
  later = 0,
): string {
  const [hours, minutes] = [Math.floor((lagMinutes + later) / 60), (lagMinutes + later) % 60];
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

interface Timetable {
  readonly id: string;
  readonly description: string;
  readonly expression: string;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly input: object;
}

/** What happens by the clock: a window is judged, requests are counted over, and a model may be trained. */
export class ModelSchedules extends Construct {
  private readonly shared: SharedResources;

  constructor(scope: Construct, id: string, props: ModelSchedulesProps) {
    super(scope, id);
    const { model, shared, monitoringArn, retrainingArn } = props;
    const { monitoring, retraining } = model;
    this.shared = shared;
    const later = minuteOf(model.name, props.spreadMinutes);
    const reconcileArn = arnHere('lambda', `function:${functionName(props.platform, 'reconcile')}`);
    // One role for all: an account has a thousand by default, and a model needs ten already.
    const { roleArn } = this.role([
      allow(
        ['states:StartExecution'],
        retraining.schedule === undefined ? [monitoringArn] : [monitoringArn, retrainingArn],
      ),
      allow(['lambda:InvokeFunction'], [reconcileArn]),
    ]);
    const input: MonitoringInput = { windowEnd: SCHEDULED_TIME };
    this.schedule({
      id: 'Monitoring',
      description: `${model.name}: a window closed`,
      expression: monitoring.schedule ?? monitoringCron(monitoring, later),
      targetArn: monitoringArn,
      roleArn,
      input,
    });
    this.reconciliation(model, later, { targetArn: reconcileArn, roleArn });
    if (retraining.schedule === undefined) return;
    const asked: RetrainingInput = { trigger: 'schedule', cause: `the schedule ${retraining.schedule}` };
    this.schedule({
      id: 'Retraining',
      description: `${model.name}: time to ask whether to train`,
      expression: retraining.schedule,
      targetArn: retrainingArn,
      roleArn,
      input: asked,
    });
  }

  /** Straight to the function: a machine around one call would cost more than the call. */
  private reconciliation(
    { name: model, monitoring, data }: ModelConfig,
    later: number,
    target: Pick<Timetable, 'targetArn' | 'roleArn'>,
  ): void {
    const delayMinutes = RECONCILE_DELAY_MINUTES + later;
    const input: z.input<typeof ReconcileRequestSchema> = {
      model,
      every: monitoring.every,
      countEvery: monitoring.reconcileEvery,
      lagMinutes: monitoring.lagMinutes,
      columns: data.columns.map(({ name }) => name).filter((name) => name !== data.target),
      delayMinutes,
      expectsVerdict: monitoring.schedule === undefined,
      scheduledAt: SCHEDULED_TIME,
    };
    this.schedule({
      id: 'Reconciliation',
      description: `${model}: requests of a settled ${monitoring.reconcileEvery} are counted over`,
      expression: monitoringCron({ every: monitoring.reconcileEvery, lagMinutes: monitoring.lagMinutes }, delayMinutes),
      ...target,
      input,
    });
  }

  private schedule({ id, description, expression, targetArn, roleArn, input }: Timetable): void {
    new CfnSchedule(this, id, {
      description,
      scheduleExpression: expression,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      kmsKeyArn: this.shared.dataKeyArn,
      target: {
        arn: targetArn,
        roleArn,
        input: JSON.stringify(input),
        deadLetterConfig: { arn: this.shared.undeliveredArn },
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 3600 },
      },
    });
  }

  private role(statements: readonly PolicyStatement[]): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    new ManagedPolicy(this, 'Policy', {
      roles: [role],
      statements: [
        ...statements,
        allow(['sqs:SendMessage'], [this.shared.undeliveredArn]),
        useKey(this.shared.dataKeyArn),
      ],
    });
    return role;
  }
}
