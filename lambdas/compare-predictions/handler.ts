import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { compareScores } from './compare-scores.ts';

const lake = s3Lake(environment().MODELWAY_LAKE_BUCKET);

/** Compares what a rebuilt model and the first one answered to the frozen test set. */
export const handler = defineHandler('compare-predictions', (input) => compareScores(input, lake));
