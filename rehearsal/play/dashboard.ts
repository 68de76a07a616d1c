import { type CloudWatchClient, GetDashboardCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';

/** One picture of a dashboard, with the values CloudWatch has for it. */
export interface DashboardPicture {
  readonly title: string;
  readonly lines: readonly { readonly label: string; readonly points: readonly { at: Date; value: number }[] }[];
}

const BodySchema = z.object({
  widgets: z.array(
    z.object({
      type: z.string(),
      properties: z.looseObject({
        title: z.string().optional(),
        period: z.number().optional(),
        stat: z.string().optional(),
        metrics: z.array(z.array(z.unknown())).optional(),
      }),
    }),
  ),
});
const OptionsSchema = z.looseObject({
  label: z.string().optional(),
  stat: z.string().optional(),
  period: z.number().optional(),
});

/** Reads a dashboard as a person would see it: its pictures, each with the data of its metrics between two instants. */
export async function readDashboard(
  cloudwatch: CloudWatchClient,
  name: string,
  span: { readonly from: Date; readonly to: Date },
): Promise<readonly DashboardPicture[]> {
  const dashboard = await cloudwatch.send(new GetDashboardCommand({ DashboardName: name }));
  const { widgets } = BodySchema.parse(JSON.parse(dashboard.DashboardBody ?? '{"widgets":[]}'));
  const pictures = widgets.filter(({ properties }) => properties.metrics !== undefined);
  return await Promise.all(
    pictures.map(async ({ properties }) => {
      const { title, metrics = [], stat, period } = properties;
      const lines = await Promise.all(metrics.map((metric) => readLine(cloudwatch, metric, { stat, period }, span)));
      return { title: title ?? '', lines };
    }),
  );
}

/** One metric in a dashboard's notation: namespace, name, dimension names and values in turn, then options. */
async function readLine(
  cloudwatch: CloudWatchClient,
  metric: readonly unknown[],
  widget: { readonly stat: string | undefined; readonly period: number | undefined },
  span: { readonly from: Date; readonly to: Date },
): Promise<DashboardPicture['lines'][number]> {
  const words = metric.filter((part) => typeof part === 'string');
  const options = OptionsSchema.parse(metric.find((part) => typeof part === 'object' && part !== null) ?? {});
  const [namespace, name, ...pairs] = words;
  const dimensions = pairs.flatMap((word, index) => (index % 2 === 0 ? [{ Name: word, Value: pairs[index + 1] }] : []));
  const answer = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: span.from,
      EndTime: span.to,
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        {
          Id: 'line',
          MetricStat: {
            Metric: { Namespace: namespace, MetricName: name, Dimensions: dimensions },
            Period: options.period ?? widget.period ?? 300,
            Stat: options.stat ?? widget.stat ?? 'Average',
          },
        },
      ],
    }),
  );
  const [found] = answer.MetricDataResults ?? [];
  const points = (found?.Timestamps ?? []).map((at, index) => ({ at, value: found?.Values?.[index] ?? 0 }));
  return { label: options.label ?? name ?? '', points: points.sort((a, b) => a.at.getTime() - b.at.getTime()) };
}
