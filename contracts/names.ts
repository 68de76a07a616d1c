/**
 * Names of AWS resources that more than one room spells: the templates create them, handlers and the command line find them.
 * This file imports nothing.
 */

/** The platform's name when the config does not give one; first part of every resource name. */
export const DEFAULT_PLATFORM = 'modelway';

/** The six state machines of a model, by what they do. */
export const MACHINES = ['intake', 'retraining', 'training', 'deployment', 'monitoring', 'reproduction'] as const;
export type MachineKind = (typeof MACHINES)[number];

/** The alarms on what monitoring found, or on its absence. */
export const MONITORING_ALARMS = [
  'drift',
  'quality',
  'concept-drift',
  'fairness',
  'capture-gap',
  'monitor-late',
] as const;
/** The alarms on the endpoint itself; those on the fleet being deployed (green) roll it back. */
export const SERVING_ALARMS = ['endpoint-errors', 'green-errors', 'green-latency'] as const;
/** The alarms every model has; the composite alarm is `modelAlarmName`. */
export const ALARMS = [...MONITORING_ALARMS, ...SERVING_ALARMS] as const;
export type AlarmKind = (typeof ALARMS)[number];

/** The single production variant of an endpoint; guardrails need the same name in every endpoint config. */
export const VARIANT_NAME = 'AllTraffic';

export const stackName = {
  platform: (platform: string) => `${platform}-platform`,
  model: (platform: string, model: string) => `${platform}-${model}`,
};

/** At most 80 characters: platform ≤ 20 and model ≤ 40 by the config schema. */
export const machineName = (platform: string, model: string, kind: MachineKind) => `${platform}-${model}-${kind}`;
export const functionName = (platform: string, fn: string) => `${platform}-${fn}`;
export const endpointName = (platform: string, model: string) => `${platform}-${model}`;
export const packageGroupName = (platform: string, model: string) => `${platform}-${model}`;
export const alarmName = (platform: string, model: string, kind: AlarmKind) => `${platform}-${model}-${kind}`;
export const modelAlarmName = (platform: string, model: string) => `${platform}-${model}`;
export const deploymentSpecName = (platform: string, model: string) => `/${platform}/${model}/deployment-spec`;
export const tableName = (platform: string) => `${platform}-lineage`;
export const topicName = (platform: string) => `${platform}-alerts`;
/** Models that one fleet dashboard shows in eight pictures each: CloudWatch takes 500 metrics a picture and 2 500 a dashboard. */
export const MODELS_A_DASHBOARD = 300;
/** The fleet's dashboard; a fleet larger than `MODELS_A_DASHBOARD` has another for each further part, counted from 1. */
export const dashboardName = (platform: string, part = 1) => `${platform}-fleet${part === 1 ? '' : `-${part}`}`;
/** A model’s own dashboard, where the platform asks for one each. */
export const modelDashboardName = (platform: string, model: string) => `${platform}-model-${model}`;

/** Prefix of every job, model and endpoint config that a model's machines create; roles are scoped to it. */
export const jobPrefix = (platform: string, model: string) => `${platform}-${model}-`;

/** Log group of a Lambda function, made in advance by the template (encrypted, with retention). */
export const functionLogGroup = (platform: string, fn: string) => `/aws/lambda/${functionName(platform, fn)}`;

/** Log group of the state machines' execution logs. */
export const machineLogGroup = (platform: string, model: string) => `/aws/vendedlogs/states/${platform}-${model}`;
