import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { functionName } from '../contracts/names.ts';
import type { RunbookArticle } from '../contracts/runbook.ts';
import { arnHere } from './statements.ts';

export interface StoppedExecutionsProps {
  readonly platform: string;
  readonly model: string;
  readonly machineArns: readonly string[];
  /** Queue for events that could not be delivered. */
  readonly undeliveredArn: string;
}

const ARTICLE: RunbookArticle = 'alarm-monitor-late';

/** Fields of the event that the record is made of, by the name they have in the template below. */
const FIELDS = { execution: '$.detail.name', machine: '$.detail.stateMachineArn', status: '$.detail.status' } as const;

/**
 * Executions that ran out of time or were aborted as a whole. They cannot record their own failure, because no state of theirs runs
 * any more; so the event does: recorded, announced and counted like any other failure.
 */
export class StoppedExecutions extends Construct {
  constructor(scope: Construct, id: string, props: StoppedExecutionsProps) {
    super(scope, id);
    const { platform, model, machineArns, undeliveredArn } = props;
    const record = functionName(platform, 'record');
    const rule = new CfnRule(this, 'OnStopped', {
      description: `${model}: an execution timed out or was aborted`,
      eventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: ['TIMED_OUT', 'ABORTED'], stateMachineArn: machineArns },
      },
      targets: [
        {
          id: 'Record',
          arn: arnHere('lambda', `function:${record}`),
          deadLetterConfig: { arn: undeliveredArn },
          inputTransformer: { inputPathsMap: FIELDS, inputTemplate: recordTemplate(model) },
        },
      ],
    });
    new CfnPermission(this, 'RuleMayRecord', {
      action: 'lambda:InvokeFunction',
      functionName: record,
      principal: 'events.amazonaws.com',
      sourceArn: rule.attrArn,
    });
  }
}

/** Input of `record`, with places for the event's fields; they stand bare where a whole value goes, as EventBridge wants it. */
function recordTemplate(model: string): string {
  const announce = {
    subject: `${model}: execution stopped`,
    message: 'execution <execution> of <machine> ended <status>',
    runbook: ARTICLE,
  };
  const fixed = JSON.stringify({ model, kind: 'failure', parents: [], announce, failed: true });
  const fields = '"id": <execution>, "detail": {"execution": <execution>, "machine": <machine>, "status": <status>}';
  return `${fixed.slice(0, -1)}, ${fields}}`;
}
