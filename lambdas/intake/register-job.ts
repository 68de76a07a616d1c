import { INTAKE_JOB_FILES, IntakeJobResultSchema } from '../../contracts/intake-job.ts';
import type { TakenIntake } from '../../contracts/intake-steps.ts';
import { scratchKeys } from '../../contracts/keys.ts';
import { parseOrThrow } from '../../contracts/problems.ts';
import { conclude } from './conclude.ts';
import type { BegunIntake } from './freeze-intake.ts';
import type { IntakeTools, UploadIntake } from './intake-tools.ts';
import { jobContent } from './storable-content.ts';

/** Registers what a processing job found, as if the function had read the upload itself; the rows are copied inside S3. */
export async function registerJob(
  input: UploadIntake,
  { frozen }: BegunIntake,
  tools: Pick<IntakeTools, 'lake' | 'lineage' | 'now'>,
): Promise<TakenIntake> {
  const { model, execution, upload } = input;
  const { lake } = tools;
  const folder = scratchKeys(model.name, execution).jobOutput;
  const text = await lake.getText(`${folder}${INTAKE_JOB_FILES.result}`);
  const result = parseOrThrow(IntakeJobResultSchema, JSON.parse(text), 'unreadable-object');
  const { report, heldBack, quarantine, accepted } = result;
  const sources = frozen.files.flatMap(({ key, versionId }, index) => {
    const source = result.sources[index];
    return source === undefined ? [] : [{ bucket: upload.bucket, key, versionId, ...source }];
  });
  return conclude(
    input,
    frozen.previous,
    {
      report,
      heldBack,
      sources,
      quarantine:
        quarantine === null ? null : (key) => lake.copy({ key: `${folder}${quarantine.file}` }, quarantine.bytes, key),
      content: accepted === null ? null : jobContent(accepted, folder, lake),
    },
    tools,
  );
}
