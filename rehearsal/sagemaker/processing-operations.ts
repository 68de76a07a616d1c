import { z } from 'zod';
import { ListRequestSchema, listPage } from './listing.ts';
import { type Operations, operation } from './operation.ts';
import {
  acceptProcessingJob,
  describeProcessingJob,
  type ProcessingJob,
  ProcessingRequestSchema,
} from './processing-job.ts';
import { runProcessingJob } from './processing-run.ts';
import { invalid } from './service-error.ts';
import type { Stores } from './stores.ts';
import { inBackground, type World } from './world.ts';

const NameSchema = z.looseObject({ ProcessingJobName: z.string() });

/** Operations on processing jobs. */
export function processingOperations(world: World, stores: Stores): Operations {
  const find = (name: string): ProcessingJob => {
    const job = stores.processingJobs.get(name);
    if (job === undefined) throw invalid(`Could not find requested job with name: ${name}`);
    return job;
  };
  return {
    CreateProcessingJob: operation(ProcessingRequestSchema, async (request) => {
      const job = acceptProcessingJob(world, stores.processingJobs, request);
      stores.tags.add(job.arn, request.Tags);
      await inBackground(world, `processing job ${job.name}`, () => runProcessingJob(world, job));
      return { ProcessingJobArn: job.arn };
    }),
    DescribeProcessingJob: operation(NameSchema, (request) => describeProcessingJob(find(request.ProcessingJobName))),
    StopProcessingJob: operation(NameSchema, async (request) => {
      const job = find(request.ProcessingJobName);
      if (job.status !== 'InProgress')
        throw invalid(`The request was rejected because the processing job is in status ${job.status}.`);
      job.status = 'Stopping';
      await job.stop();
      return {};
    }),
    ListProcessingJobs: operation(ListRequestSchema, (request) =>
      listPage(
        'ProcessingJobSummaries',
        [...stores.processingJobs.values()].map((job) => ({
          name: job.name,
          created: job.created,
          status: job.status,
          summary: {
            ProcessingJobName: job.name,
            ProcessingJobArn: job.arn,
            CreationTime: job.created,
            ProcessingEndTime: job.ended,
            LastModifiedTime: job.modified,
            ProcessingJobStatus: job.status,
            FailureReason: job.failureReason,
            ExitMessage: job.exitMessage,
          },
        })),
        request,
      ),
    ),
  };
}
