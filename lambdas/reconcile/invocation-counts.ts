import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { VARIANT_NAME } from '../../contracts/names.ts';
import type { InvocationCounts } from '../../contracts/reconciliation.ts';
import type { Window } from '../../contracts/window.ts';

/** CloudWatch keeps minutes for 15 days and hours for 455; windows are whole hours. */
const PERIOD_SECONDS = 3600;

/** How often an endpoint was asked, and how often it failed, within any whole hours of a stretch that was asked for. */
export type InvocationsWithin = (window: Window) => InvocationCounts;

/** Asks for every hour of a stretch in one call: the first page holds any two weeks of hours. An hour without a value had no request. */
export async function invocationCounts(
  client: CloudWatchClient,
  endpointName: string,
  stretch: Window,
): Promise<InvocationsWithin> {
  const answer = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(stretch.from),
      EndTime: new Date(stretch.to),
      MetricDataQueries: [
        sumOf('invocations', 'Invocations', endpointName),
        sumOf('refused', 'Invocation4XXErrors', endpointName),
        sumOf('failed', 'Invocation5XXErrors', endpointName),
      ],
    }),
  );
  const hours = (answer.MetricDataResults ?? []).flatMap(({ Id, Timestamps, Values }) =>
    (Timestamps ?? []).map((at, index) => ({ id: Id, at: at.getTime(), value: Values?.[index] ?? 0 })),
  );
  return ({ from, to }) => {
    const total = (wanted: string) =>
      hours
        .filter(({ id, at }) => id === wanted && at >= Date.parse(from) && at < Date.parse(to))
        .reduce((sum, { value }) => sum + value, 0);
    return { invocations: total('invocations'), failed: total('refused') + total('failed') };
  };
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
