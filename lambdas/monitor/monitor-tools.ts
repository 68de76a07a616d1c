import type { MetricName } from '../../contracts/metrics.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageReader } from './read-once.ts';

/** What the handler works with. */
export interface MonitorTools {
  readonly platform: string;
  readonly lakeBucket: string;
  readonly runbookUrl: string;
  readonly lake: Lake;
  readonly lineage: LineageReader;
  readonly emit: (model: string, values: Readonly<Partial<Record<MetricName, number>>>, at: Date) => void;
  readonly now: () => Date;
  /** Capture files of more bytes than this are counted in shards. */
  readonly wholeBytes: number;
  /** About the size of a shard. */
  readonly shardBytes: number;
  /** Labels of more bytes than this are not held as a whole. Left out: 64 MiB. */
  readonly heldLabelBytes?: number;
}
