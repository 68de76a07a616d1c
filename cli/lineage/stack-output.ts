import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { stackName } from '../../contracts/names.ts';
import { ModelwayError } from '../../contracts/problems.ts';

/**
 * An output of the platform's stack.
 * @throws ModelwayError `not-deployed` when the stack has none of that name
 */
export async function outputOf(platform: string, name: 'AuditBucket' | 'LakeBucket'): Promise<string> {
  const answer = await new CloudFormationClient({}).send(
    new DescribeStacksCommand({ StackName: stackName.platform(platform) }),
  );
  const output = answer.Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
  if (output !== undefined) return output;
  throw new ModelwayError('not-deployed', 'aws', [
    {
      path: stackName.platform(platform),
      message: `has no output ${name}`,
      fix: 'deploy it with npx cdk deploy --all',
    },
  ]);
}
