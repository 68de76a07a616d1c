import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { listVersions } from '../aws/object-versions.ts';
import { writeOnce } from '../aws/write-once.ts';
import { intake } from './intake.ts';
import type { IntakeTools } from './intake-tools.ts';
import { requireLake } from './take-in.ts';

const { MODELWAY_LAKE_BUCKET, MODELWAY_PLATFORM, MODELWAY_TABLE } = environment();
const tools: IntakeTools = {
  platform: MODELWAY_PLATFORM,
  lake: s3Lake(MODELWAY_LAKE_BUCKET),
  writeOnce: writeOnce(MODELWAY_LAKE_BUCKET),
  versions: (prefix) => listVersions(MODELWAY_LAKE_BUCKET, prefix),
  lineage: dynamoLineage(MODELWAY_TABLE),
  now: () => new Date(),
};

/** Takes one step of taking in an uploaded object version or folder: most uploads take one only. */
export const handler = defineHandler('intake', async (input) => {
  requireLake(input.upload, MODELWAY_LAKE_BUCKET);
  return intake(input, tools);
});
