import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { compareWithRun } from './compare-with-run.ts';

const { MODELWAY_LAKE_BUCKET, MODELWAY_TABLE } = environment();
const tools = {
  bucket: MODELWAY_LAKE_BUCKET,
  lake: s3Lake(MODELWAY_LAKE_BUCKET),
  lineage: dynamoLineage(MODELWAY_TABLE),
};

/** Compares a rebuilt model with the one its run made. */
export const handler = defineHandler('compare-runs', (input) => compareWithRun(input, tools));
