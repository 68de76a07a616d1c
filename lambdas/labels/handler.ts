import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { type LabelTools, takeLabels } from './take-labels.ts';

const { MODELWAY_LAKE_BUCKET, MODELWAY_TABLE } = environment();
const tools: LabelTools = {
  lakeBucket: MODELWAY_LAKE_BUCKET,
  lake: s3Lake(MODELWAY_LAKE_BUCKET),
  lineage: dynamoLineage(MODELWAY_TABLE),
  now: () => new Date(),
};

/** Takes labels of predictions in, late or soon, once or again. */
export const handler = defineHandler('labels', (input) => takeLabels(input, tools));
