import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { promote } from './promote.ts';
import { sagemakerServing } from './serving.ts';

const { MODELWAY_PLATFORM, MODELWAY_TABLE } = environment();
const tools = {
  platform: MODELWAY_PLATFORM,
  lineage: dynamoLineage(MODELWAY_TABLE),
  serving: sagemakerServing(),
  now: () => new Date(),
};

/** Marks a verified deployment live and removes what no longer serves. */
export const handler = defineHandler('promote', (input) => promote(input, tools));
