import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { requireLake, takeIn } from './take-in.ts';

const { MODELWAY_LAKE_BUCKET, MODELWAY_TABLE } = environment();
const tools = { lake: s3Lake(MODELWAY_LAKE_BUCKET), lineage: dynamoLineage(MODELWAY_TABLE), now: () => new Date() };

/** Validates an uploaded object version and registers a dataset version. */
export const handler = defineHandler('intake', async (input) => {
  requireLake(input.upload, MODELWAY_LAKE_BUCKET);
  return takeIn(input, tools);
});
