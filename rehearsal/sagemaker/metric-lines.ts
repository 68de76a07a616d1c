import type { MetricPoint } from '../sidecar/control.ts';
import type { FinalMetric } from './training-job.ts';

interface Definition {
  readonly Name: string;
  readonly Regex: string;
}

/** Values that a script prints, found by the job's metric definitions. */
export interface MetricLines {
  read(line: string, at: number): void;
  /** The last value of each metric. */
  final(): readonly FinalMetric[];
  /** Every value, for CloudWatch. */
  points(jobName: string): readonly MetricPoint[];
}

export function metricLines(definitions: readonly Definition[]): MetricLines {
  const patterns = definitions.map(({ Name, Regex }) => ({ name: Name, pattern: new RegExp(Regex) }));
  const found: FinalMetric[] = [];
  return {
    read: (line, at) => {
      for (const { name, pattern } of patterns) {
        const text = pattern.exec(line)?.[1];
        if (text !== undefined && text !== '' && Number.isFinite(Number(text)))
          found.push({ MetricName: name, Value: Number(text), Timestamp: at });
      }
    },
    final: () => patterns.flatMap(({ name }) => found.findLast((metric) => metric.MetricName === name) ?? []),
    points: (jobName) =>
      found.map((metric) => ({
        namespace: '/aws/sagemaker/TrainingJobs',
        name: metric.MetricName,
        dimensions: { TrainingJobName: jobName },
        value: metric.Value,
        unit: 'None',
        at: metric.Timestamp,
      })),
  };
}
