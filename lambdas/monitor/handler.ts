import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { emitMetrics } from '../aws/metrics.ts';
import { monitor } from './monitor.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { SHARD_BYTES, WHOLE_BYTES } from './sizes.ts';

const { MODELWAY_PLATFORM, MODELWAY_LAKE_BUCKET, MODELWAY_TABLE, MODELWAY_RUNBOOK_URL } = environment();
const tools: MonitorTools = {
  platform: MODELWAY_PLATFORM,
  lakeBucket: MODELWAY_LAKE_BUCKET,
  runbookUrl: MODELWAY_RUNBOOK_URL,
  lake: s3Lake(MODELWAY_LAKE_BUCKET),
  lineage: dynamoLineage(MODELWAY_TABLE),
  emit: emitMetrics,
  now: () => new Date(),
  wholeBytes: WHOLE_BYTES,
  shardBytes: SHARD_BYTES,
};

/** Judges windows of captured traffic against the training baseline of the live model, one step at a time. */
export const handler = defineHandler('monitor', (input) => monitor(input, tools));
