import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { dynamoLedger } from '../aws/audit-ledger.ts';
import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { s3Lake } from '../aws/lake.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { emitMetrics } from '../aws/metrics.ts';
import { recordFact } from './record-fact.ts';

const { MODELWAY_AUDIT_BUCKET, MODELWAY_TABLE, MODELWAY_TOPIC_ARN, MODELWAY_RUNBOOK_URL } = environment();
const sns = new SNSClient({});
const tools = {
  lineage: dynamoLineage(MODELWAY_TABLE),
  ledger: dynamoLedger(MODELWAY_TABLE),
  auditBucket: s3Lake(MODELWAY_AUDIT_BUCKET),
  runbookUrl: MODELWAY_RUNBOOK_URL,
  publish: async (subject: string, message: string) => {
    await sns.send(new PublishCommand({ TopicArn: MODELWAY_TOPIC_ARN, Subject: subject, Message: message }));
  },
  countFailure: (model: string, at: Date) => emitMetrics(model, { PipelineFailures: 1 }, at),
  now: () => new Date(),
};

/** Writes one fact to lineage and the audit chain, announces it, and counts failures. */
export const handler = defineHandler('record', (input) => recordFact(input, tools));
