import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { describeArtifact } from './describe-artifact.ts';

const { MODELWAY_LAKE_BUCKET } = environment();
const tools = { bucket: MODELWAY_LAKE_BUCKET, lake: s3Lake(MODELWAY_LAKE_BUCKET) };

/** Hashes every file of a trained model, for the record of its run. */
export const handler = defineHandler('describe-artifact', (input) => describeArtifact(input, tools));
