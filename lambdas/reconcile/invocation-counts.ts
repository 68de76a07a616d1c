import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { VARIANT_NAME } from '../../contracts/names.ts';
import type { Window } from '../../contracts/window.ts';
import type { InvocationCounts } from '../../core/reconciliation/reconcile-counts.ts';

/** CloudWatch keeps minutes for 15 days and hours for 455; windows are whole hours. */
const PERIOD_SECONDS = 3600;

/** How often an endpoint was asked in a window, and how often it failed, in one call: the first page holds any week of hours. */
export async function invocationCounts(
  client: CloudWatchClient,
  endpointName: string,
  window: Window,
): Promise<InvocationCounts> {
  const answer = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(window.from),
      EndTime: new Date(window.to),
      MetricDataQueries: [
        sumOf('invocations', 'Invocations', endpointName),
        sumOf('refused', 'Invocation4XXErrors', endpointName),
        sumOf('failed', 'Invocation5XXErrors', endpointName),
      ],
    }),
  );
  const total = (id: string) =>
    (answer.MetricDataResults ?? [])
      .filter((result) => result.Id === id)
      .flatMap(({ Values }) => Values ?? [])
      .reduce((sum, value) => sum + value, 0);
  return { invocations: total('invocations'), failed: total('refused') + total('failed') };
}

const sumOf = (id: string, metricName: string, endpointName: string): MetricDataQuery => ({
  Id: id,
  MetricStat: {
    Metric: {
      Namespace: 'AWS/SageMaker',
      MetricName: metricName,
      Dimensions: [
        { Name: 'EndpointName', Value: endpointName },
        { Name: 'VariantName', Value: VARIANT_NAME },
      ],
    },
    Period: PERIOD_SECONDS,
    Stat: 'Sum',
  },
});
