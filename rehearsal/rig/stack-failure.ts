import {
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  GetTemplateCommand,
  type StackResource,
} from '@aws-sdk/client-cloudformation';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { AwsClients } from './aws-clients.ts';

const LAST_LOG_LINES = 20;

const TemplateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});
const ServiceTokenSchema = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });

/** What a reader needs to mend a stack: each resource that failed or hangs with its reason, and the logs of custom resources among them. */
export async function whyStackFailed(aws: AwsClients, stack: string): Promise<string> {
  const { StackResources: resources = [] } = await aws.cloudformation.send(
    new DescribeStackResourcesCommand({ StackName: stack }),
  );
  const stuck = resources.filter(({ ResourceStatus: status = '' }) => /IN_PROGRESS|FAILED/.test(status));
  const { StackEvents: events = [] } = await aws.cloudformation.send(
    new DescribeStackEventsCommand({ StackName: stack }),
  );
  const failures = events
    .filter(({ ResourceStatus: status = '' }) => status.endsWith('FAILED'))
    .map((event) => `  ${event.LogicalResourceId} (${event.ResourceType}): ${event.ResourceStatusReason}`);
  const hangs = stuck.map((resource) => `  ${resource.LogicalResourceId} (${resource.ResourceType}) hangs`);
  const logs = await Promise.all(stuck.map((resource) => customResourceLog(aws, stack, resource, resources)));
  return [...failures.reverse(), ...(failures.length === 0 ? hangs : []), ...logs.filter((log) => log !== '')].join(
    '\n',
  );
}

async function customResourceLog(
  aws: AwsClients,
  stack: string,
  resource: StackResource,
  resources: readonly StackResource[],
): Promise<string> {
  const template = await aws.cloudformation.send(new GetTemplateCommand({ StackName: stack }));
  const parsed = TemplateSchema.parse(JSON.parse(template.TemplateBody ?? '{}'));
  const token = ServiceTokenSchema.safeParse(
    parsed.Resources[resource.LogicalResourceId ?? '']?.Properties?.ServiceToken,
  );
  if (!token.success) return '';
  const [functionId] = token.data['Fn::GetAtt'];
  const name = resources.find((candidate) => candidate.LogicalResourceId === functionId)?.PhysicalResourceId;
  if (name === undefined) return '';
  const lines = await functionLog(aws, name);
  return `  the end of the log of ${name}:\n${lines.map((line) => `    ${line}`).join('\n')}`;
}

async function functionLog(aws: AwsClients, name: string): Promise<readonly string[]> {
  try {
    const config = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    const group = config.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
    const { events = [] } = await aws.logs.send(new FilterLogEventsCommand({ logGroupName: group }));
    return events.slice(-LAST_LOG_LINES).map((event) => event.message?.trimEnd() ?? '');
  } catch (error) {
    // A function that was never invoked has no log; that is the finding.
    return [`no log: ${error instanceof Error ? error.message : String(error)}`];
  }
}
