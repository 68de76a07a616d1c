import { scoringInstanceType } from '../../contracts/deployment.ts';
import { DEFAULT_ALARM_PERIOD_SECONDS } from '../../contracts/deployment-arithmetic.ts';
import { FUNCTIONS } from '../../contracts/functions.ts';
import { INTAKE_JOB_INSTANCE_TYPE } from '../../contracts/intake-job.ts';
import { METRICS } from '../../contracts/metrics.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { ALARMS, type AlarmKind, MACHINES, MONITORING_ALARMS, stackName } from '../../contracts/names.ts';
import type { CostLine, ModelPlan } from '../../contracts/plan.ts';
import { costLine, totalOf } from './cost-line.ts';
import { monitoringLines, watchingLines } from './monitoring-cost.ts';
import { HOURS_PER_MONTH, INSTANCE_HOUR, LAMBDA_GIGABYTE_SECOND, MONTHLY } from './price-list.ts';
import { servingNotes, servingText } from './serving-text.ts';

const WINDOW_HOURS = { hour: 1, day: 24, week: 168 } as const;
/** Batch jobs of a run that are under way at once: one scores the candidate, one the champion. */
export const SCORING_JOBS = 2;
const GREEN_ALARMS: readonly AlarmKind[] = ['green-errors', 'green-latency'];

/** What one model's stack holds and costs. */
export function planModel(platform: string, model: ModelConfig, dashboard = false): ModelPlan {
  const idle = [...idleLines(model), ...(dashboard ? [costLine('dashboard', 1, MONTHLY.dashboard)] : [])];
  const hourly = instanceHour(model.training.instances[0]);
  const scoring = scoringInstanceType(model.serving);
  return {
    name: model.name,
    stack: stackName.model(platform, model.name),
    serving: servingText(model.serving),
    resources: [
      { what: 'state machines', count: MACHINES.length },
      { what: 'alarms', count: alarmsOf(model).length },
      { what: 'composite alarm', count: 1 },
      { what: 'custom metrics', count: Object.keys(METRICS).length },
      { what: 'model package group', count: 1 },
      ...(dashboard ? [{ what: 'dashboard', count: 1 }] : []),
    ],
    idle,
    idleMonthly: totalOf(idle),
    training: {
      instances: model.training.instances,
      spot: model.training.spot !== undefined,
      hourly,
      runAtMost: hourly === null ? null : (hourly * model.training.maxRuntimeSeconds) / 3600,
      scoring: { instance: scoring, jobs: SCORING_JOBS, hourly: instanceHour(scoring) },
    },
    largeUploads: { instance: INTAKE_JOB_INSTANCE_TYPE, hourly: instanceHour(INTAKE_JOB_INSTANCE_TYPE) },
    monitoring: planMonitoring(model),
    notes: servingNotes(model.serving),
  };
}

function planMonitoring({ monitoring }: ModelConfig): ModelPlan['monitoring'] {
  const windowsPerMonth = HOURS_PER_MONTH / WINDOW_HOURS[monitoring.every];
  const { memoryMegabytes, timeoutSeconds } = FUNCTIONS.monitor;
  const countingsPerMonth = HOURS_PER_MONTH / WINDOW_HOURS[monitoring.reconcileEvery];
  const hourly = monitoringLines({ windows: HOURS_PER_MONTH, countings: HOURS_PER_MONTH });
  const running = monitoringLines({ windows: windowsPerMonth, countings: countingsPerMonth });
  const cloudwatch = watchingLines();
  return {
    windowsPerMonth,
    countingsPerMonth,
    monthlyAtMost: windowsPerMonth * (memoryMegabytes / 1024) * timeoutSeconds * LAMBDA_GIGABYTE_SECOND,
    hourly: [...hourly],
    hourlyMonthly: totalOf(hourly) ?? 0,
    runningMonthly: totalOf(running) ?? 0,
    cloudwatch: [...cloudwatch],
    cloudwatchMonthly: totalOf(cloudwatch) ?? 0,
  };
}

/** The list price of an instance type, or null when it is not in the list. */
export function instanceHour(type: string | undefined): number | null {
  return type === undefined || !Object.hasOwn(INSTANCE_HOUR, type) ? null : (INSTANCE_HOUR[type] ?? null);
}

function idleLines(model: ModelConfig): CostLine[] {
  const { serving } = model;
  const alarms = alarmsOf(model);
  const fast = alarms.filter((alarm) => GREEN_ALARMS.includes(alarm) && greenPeriodSeconds(model) < 60).length;
  const instances =
    serving.kind === 'realtime' || serving.kind === 'async'
      ? [
          costLine(
            `${serving.instanceType} hours`,
            serving.instanceCount * HOURS_PER_MONTH,
            instanceHour(serving.instanceType),
          ),
        ]
      : [];
  return [
    ...instances,
    costLine('alarm metrics', alarms.length - fast, MONTHLY.alarmMetric),
    ...(fast > 0 ? [costLine('high-resolution alarm metrics', fast, MONTHLY.highResolutionAlarmMetric)] : []),
    costLine('composite alarm', 1, MONTHLY.compositeAlarm),
    costLine('custom metrics', Object.keys(METRICS).length, MONTHLY.customMetric),
  ];
}

/** Endpoint alarms exist only where there is an endpoint with guardrails. */
function alarmsOf({ serving }: ModelConfig): readonly AlarmKind[] {
  const guarded = serving.kind === 'realtime' || serving.kind === 'async';
  return guarded ? ALARMS : MONITORING_ALARMS;
}

function greenPeriodSeconds({ serving }: ModelConfig): number {
  const rollback = serving.kind === 'realtime' || serving.kind === 'async' ? serving.rollback : undefined;
  return rollback?.periodSeconds ?? DEFAULT_ALARM_PERIOD_SECONDS;
}
