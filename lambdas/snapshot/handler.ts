import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { takeSnapshot } from './take-snapshot.ts';

const { MODELWAY_PLATFORM, MODELWAY_LAKE_BUCKET, MODELWAY_TABLE } = environment();
const tools = {
  platform: MODELWAY_PLATFORM,
  bucket: MODELWAY_LAKE_BUCKET,
  lake: s3Lake(MODELWAY_LAKE_BUCKET),
  lineage: dynamoLineage(MODELWAY_TABLE),
  now: () => new Date(),
};

/** Freezes the training, validation and test sets of a run. */
export const handler = defineHandler('snapshot', (input) => takeSnapshot(input, tools));
