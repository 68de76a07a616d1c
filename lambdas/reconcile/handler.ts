import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { functionName } from '../../contracts/names.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { emitMetrics } from '../aws/metrics.ts';
import { invocationCounts } from './invocation-counts.ts';
import { type ReconcileTools, reconcile } from './reconcile.ts';

const { MODELWAY_PLATFORM, MODELWAY_LAKE_BUCKET, MODELWAY_TABLE } = environment();
const cloudwatch = new CloudWatchClient({});
const lambda = new LambdaClient({});
const tools: ReconcileTools = {
  platform: MODELWAY_PLATFORM,
  lake: s3Lake(MODELWAY_LAKE_BUCKET),
  lineage: dynamoLineage(MODELWAY_TABLE),
  invocations: (endpoint, stretch) => invocationCounts(cloudwatch, endpoint, stretch),
  record: async (fact) => {
    const name = functionName(MODELWAY_PLATFORM, 'record');
    const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(fact) }));
    if (answer.FunctionError !== undefined)
      throw new ModelwayError('not-recorded', 'aws', [
        { path: name, message: `failed with ${new TextDecoder().decode(answer.Payload)}` },
      ]);
  },
  emit: emitMetrics,
  now: () => new Date(),
};

/** Compares requests answered, captured and explained in windows that have settled, and looks for verdicts. */
export const handler = defineHandler('reconcile', (input) => reconcile(input, tools));
