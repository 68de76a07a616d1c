import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { emitMetrics } from '../aws/metrics.ts';
import { monitorWindow } from './monitor-window.ts';

const { MODELWAY_PLATFORM, MODELWAY_LAKE_BUCKET, MODELWAY_TABLE, MODELWAY_RUNBOOK_URL } = environment();
const tools = {
  platform: MODELWAY_PLATFORM,
  runbookUrl: MODELWAY_RUNBOOK_URL,
  lake: s3Lake(MODELWAY_LAKE_BUCKET),
  lineage: dynamoLineage(MODELWAY_TABLE),
  emit: emitMetrics,
  now: () => new Date(),
};

/** Compares a window of captured traffic with the training baseline of the live model. */
export const handler = defineHandler('monitor', (input) => monitorWindow(input, tools));
