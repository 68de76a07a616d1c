import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { listVersions } from '../aws/object-versions.ts';
import { writeOnce } from '../aws/write-once.ts';
import type { IntakeTools } from './intake-tools.ts';
import { requireLake, takeIn } from './take-in.ts';

const { MODELWAY_LAKE_BUCKET, MODELWAY_TABLE } = environment();
const tools: IntakeTools = {
  lake: s3Lake(MODELWAY_LAKE_BUCKET),
  writeOnce: writeOnce(MODELWAY_LAKE_BUCKET),
  versions: (prefix) => listVersions(MODELWAY_LAKE_BUCKET, prefix),
  lineage: dynamoLineage(MODELWAY_TABLE),
  now: () => new Date(),
};

/** Validates an uploaded object version or folder and registers a dataset version. */
export const handler = defineHandler('intake', async (input) => {
  requireLake(input.upload, MODELWAY_LAKE_BUCKET);
  return takeIn(input, tools);
});
