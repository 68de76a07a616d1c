import { z } from 'zod';
import { CleanupPropertiesSchema } from '../../contracts/functions.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import type { Removal } from './remove-everything.ts';

/** What CloudFormation sends to the function behind a custom resource. */
const RequestSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
  ResourceProperties: CleanupPropertiesSchema,
});

/** Sends an answer; a parameter so that tests need no server. */
export type Put = (url: string, body: string) => Promise<void>;

/**
 * Carries a request of CloudFormation out and answers it. When the removal needs more time than the function has, nothing is answered and
 * an error is thrown: Lambda then calls again (CloudFormation invokes asynchronously), and after the last try the event lies in the
 * queue of undelivered messages, which has an alarm.
 */
export async function answerStack(
  event: unknown,
  remove: (removal: Removal) => Promise<'done' | 'unfinished'>,
  put: Put = putJson,
): Promise<{ readonly status: 'SUCCESS' | 'FAILED' }> {
  const request = RequestSchema.parse(event);
  const { EndpointName, PackageGroupName, JobPrefix, MachineArns } = request.ResourceProperties;
  const answer = async (status: 'SUCCESS' | 'FAILED', reason: string) => {
    const { StackId, RequestId, LogicalResourceId } = request;
    // The id never changes, so an update never looks like a replacement, which would delete the endpoint.
    const PhysicalResourceId = request.PhysicalResourceId ?? `clean-up-${EndpointName}`;
    const body = { Status: status, Reason: reason, StackId, RequestId, LogicalResourceId, PhysicalResourceId };
    await put(request.ResponseURL, JSON.stringify(body));
    return { status };
  };
  if (request.RequestType !== 'Delete') return answer('SUCCESS', 'nothing to do before the stack is deleted');
  const outcome = await attempt(() =>
    remove({
      endpointName: EndpointName,
      packageGroupName: PackageGroupName,
      jobPrefix: JobPrefix,
      machineArns: MachineArns,
    }),
  );
  if (outcome === 'done') return answer('SUCCESS', 'everything the machines made is deleted');
  if (outcome === 'unfinished')
    throw new ModelwayError('endpoint-busy', 'aws', [
      { path: EndpointName, message: 'the endpoint is still changing; the removal goes on when Lambda calls again' },
    ]);
  return answer('FAILED', outcome.message.slice(0, 1000));
}

async function attempt(act: () => Promise<'done' | 'unfinished'>): Promise<'done' | 'unfinished' | Error> {
  try {
    return await act();
  } catch (error) {
    console.error(error);
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function putJson(url: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!answer.ok) throw new Error(`CloudFormation did not take the answer: ${answer.status} ${await answer.text()}`);
}
