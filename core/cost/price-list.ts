/**
 * Prices, US dollars, on demand, region us-east-1 only. Written in November 2026 from memory of AWS's public pricing pages and spot-checked
 * against public copies of them, which do not all agree; the pages themselves could not be read. They are estimates to plan with:
 * compare with the AWS pricing pages before you sign anything.
 */
export const PRICE_REGION = 'us-east-1';
export const PRICES_AS_OF = '2026-11';

/** Hours in a month, as AWS's own estimates count them. */
export const HOURS_PER_MONTH = 730;

/** One hour of a SageMaker instance; the same for endpoints, training and batch transform in this region. */
export const INSTANCE_HOUR: Readonly<Record<string, number>> = {
  'ml.t2.medium': 0.056,
  'ml.m5.large': 0.115,
  'ml.m5.xlarge': 0.23,
  'ml.m5.2xlarge': 0.461,
  'ml.m5.4xlarge': 0.922,
  'ml.m5.12xlarge': 2.765,
  'ml.m5.24xlarge': 5.53,
  'ml.c5.large': 0.102,
  'ml.c5.xlarge': 0.204,
  'ml.c5.2xlarge': 0.408,
  'ml.c5.4xlarge': 0.816,
  'ml.c5.9xlarge': 1.836,
  'ml.c5.18xlarge': 3.672,
  'ml.r5.2xlarge': 0.605,
  'ml.r5.4xlarge': 1.21,
  'ml.r5.8xlarge': 2.419,
  'ml.g4dn.xlarge': 0.7364,
  'ml.g4dn.2xlarge': 0.94,
  'ml.g4dn.4xlarge': 1.505,
  'ml.g4dn.8xlarge': 2.72,
  'ml.g4dn.12xlarge': 4.89,
  'ml.g4dn.16xlarge': 5.44,
  'ml.g5.xlarge': 1.408,
  'ml.g5.2xlarge': 1.515,
  'ml.g5.12xlarge': 7.09,
  'ml.g5.24xlarge': 10.18,
  'ml.g5.48xlarge': 20.36,
  'ml.p3.2xlarge': 3.825,
  'ml.p3.8xlarge': 14.688,
  'ml.p3.16xlarge': 28.152,
};

/** What stands still costs, a month each. */
export const MONTHLY = {
  key: 1,
  dashboard: 3,
  alarmMetric: 0.1,
  highResolutionAlarmMetric: 0.3,
  compositeAlarm: 0.5,
  customMetric: 0.3,
} as const;

/** What one of something costs when it happens; the first tier, without free tiers. */
export const EACH = {
  lambdaRequest: 0.000_000_2,
  stateTransition: 0.000_025,
  /** An invocation by EventBridge Scheduler. */
  schedule: 0.000_001,
  /** Put, copy, post or list. */
  s3Put: 0.000_005,
  /** Get, head and all others. */
  s3Get: 0.000_000_4,
  s3GigabyteMonth: 0.023,
  /** On demand: a write of up to 1 KB, a consistent read of up to 4 KB. */
  dynamoWrite: 0.000_000_625,
  dynamoRead: 0.000_000_125,
  /** A metric asked for by GetMetricData. */
  metricAsked: 0.000_01,
  keyRequest: 0.000_003,
  trace: 0.000_005,
  logGigabyte: 0.5,
} as const;

/** One gigabyte-second of a Lambda function on arm64. */
export const LAMBDA_GIGABYTE_SECOND = 0.000_013_333_4;

/** One gigabyte-second of a serverless endpoint while it answers. */
export const SERVERLESS_GIGABYTE_SECOND = 0.000_02;
