import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { verifyInputs } from './verify-inputs.ts';

const { MODELWAY_PLATFORM, MODELWAY_LAKE_BUCKET, MODELWAY_TABLE } = environment();
const tools = {
  platform: MODELWAY_PLATFORM,
  bucket: MODELWAY_LAKE_BUCKET,
  lake: s3Lake(MODELWAY_LAKE_BUCKET),
  lineage: dynamoLineage(MODELWAY_TABLE),
};

/** Says whether everything a run was made from is as it was, and how its job was asked for. */
export const handler = defineHandler('verify-inputs', (input) => verifyInputs(input, tools));
