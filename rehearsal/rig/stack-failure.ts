import {
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  GetTemplateCommand,
  type StackEvent,
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
const GetAttSchema = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });

/** What a reader needs to mend a stack: each resource that failed or hangs with its reason, and the logs of custom resources among them. */
export async function whyStackFailed(aws: AwsClients, stack: string): Promise<string> {
  const described = await aws.cloudformation.send(new DescribeStackEventsCommand({ StackName: stack }));
  // Newest first; the stack itself is a resource of its own events.
  const events = (described.StackEvents ?? []).filter((event) => event.LogicalResourceId !== stack);
  const newest = events.filter((event, at) => at === events.findIndex((other) => sameResource(event, other)));
  const failed = events.filter((event) => event.ResourceStatus?.endsWith('FAILED')).reverse();
  const hanging = failed.length > 0 ? [] : newest.filter((event) => event.ResourceStatus?.endsWith('IN_PROGRESS'));
  const reasons = [
    ...failed.map((event) => `  ${event.LogicalResourceId} (${event.ResourceType}): ${event.ResourceStatusReason}`),
    ...hanging.map((event) => `  ${event.LogicalResourceId} (${event.ResourceType}) does not finish`),
  ];
  const logs = await Promise.all([...failed, ...hanging].map((event) => customResourceLog(aws, stack, event)));
  return [...reasons, ...logs.filter((log) => log !== '')].join('\n');
}

const sameResource = (one: StackEvent, other: StackEvent) => one.LogicalResourceId === other.LogicalResourceId;

async function customResourceLog(aws: AwsClients, stack: string, event: StackEvent): Promise<string> {
  const { TemplateBody: body = '{}' } = await aws.cloudformation.send(new GetTemplateCommand({ StackName: stack }));
  const resource = TemplateSchema.parse(JSON.parse(body)).Resources[event.LogicalResourceId ?? ''];
  const name = await functionBehind(aws, stack, resource?.Properties?.ServiceToken);
  if (name === undefined) return '';
  const lines = await functionLog(aws, name);
  return `  the end of the log of ${name}:\n${lines.map((line) => `    ${line}`).join('\n')}`;
}

/** Name of the function that a ServiceToken means: an attribute of this stack's function, or an ARN spelled out. */
async function functionBehind(aws: AwsClients, stack: string, token: unknown): Promise<string | undefined> {
  const attribute = GetAttSchema.safeParse(token);
  if (!attribute.success) return /:function:([\w-]+)/.exec(JSON.stringify(token) ?? '')?.[1];
  const { StackResources: resources = [] } = await aws.cloudformation.send(
    new DescribeStackResourcesCommand({ StackName: stack }),
  );
  const [functionId] = attribute.data['Fn::GetAtt'];
  return resources.find((candidate) => candidate.LogicalResourceId === functionId)?.PhysicalResourceId;
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
