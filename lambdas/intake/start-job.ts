import { INTAKE_JOB_FILES, type IntakeJob, type IntakeJobRequest, jobFileName } from '../../contracts/intake-job.ts';
import { inboxPrefix, scratchKeys } from '../../contracts/keys.ts';
import { jobSize } from '../../core/intake/shards/job-size.ts';
import { jobNameOf } from '../aws/job-name.ts';
import { versionToCompare } from './content-profile.ts';
import type { BegunIntake } from './freeze-intake.ts';
import type { IntakeTools, UploadIntake } from './intake-tools.ts';
import { packedBytes, totalBytes } from './route-upload.ts';

/** Copies that S3 makes at the same time. */
const COPIES_AT_ONCE = 16;

/**
 * Prepares a processing job for an upload: puts the request and copies of the frozen versions where the job may read, since SageMaker's
 * inputs name keys and no versions. Doing it again changes nothing.
 */
export async function startJob(
  { model, execution, upload }: UploadIntake,
  { frozen, manifest }: BegunIntake,
  reason: string,
  tools: IntakeTools,
): Promise<{ readonly outcome: 'job'; readonly job: IntakeJob }> {
  const { lake, platform } = tools;
  const keys = scratchKeys(model.name, execution);
  const { files, folder } = frozen;
  for (let at = 0; at < files.length; at += COPIES_AT_ONCE)
    await Promise.all(
      files
        .slice(at, at + COPIES_AT_ONCE)
        .map((file, index) => lake.copy(file, file.size, `${keys.jobUpload}${jobFileName(at + index)}`)),
    );
  const previous = await versionToCompare(model, frozen.previous, tools);
  const request: IntakeJobRequest = {
    model,
    name: (folder ?? upload.key).slice(inboxPrefix(model.name).length),
    folder: folder !== null,
    files: files.map(({ key }) => key.slice((folder ?? '').length)),
    manifest: manifest ?? null,
    previous: previous?.baseline ?? null,
    now: upload.uploadedAt,
  };
  await lake.putText(`${keys.jobRequest}${INTAKE_JOB_FILES.request}`, JSON.stringify(request), 'application/json');
  const uri = (key: string) => `s3://${upload.bucket}/${key}`;
  return {
    outcome: 'job',
    job: {
      name: jobNameOf(platform, model.name, execution),
      reason,
      requestUri: uri(keys.jobRequest),
      uploadUri: uri(keys.jobUpload),
      outputUri: uri(keys.jobOutput),
      ...jobSize(totalBytes(frozen), packedBytes(frozen)),
    },
  };
}
