import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { judgeCandidate } from './judge-candidate.ts';

const lake = s3Lake(environment().MODELWAY_LAKE_BUCKET);

/** Judges a candidate against its gates and the champion. */
export const handler = defineHandler('gates', (input) => judgeCandidate(input, lake));
