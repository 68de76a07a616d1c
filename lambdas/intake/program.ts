import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { INTAKE_JOB_FILES, IntakeJobRequestSchema } from '../../contracts/intake-job.ts';
import { runIntakeJob } from './run-job.ts';

/** The program of processing jobs. Arguments: the request, and the folders of the upload, of work and of output. */
async function main([requestPath = '', upload = '', work = '', output = '']: readonly string[]): Promise<void> {
  try {
    const request = IntakeJobRequestSchema.parse(JSON.parse(readFileSync(requestPath, 'utf8')));
    const result = await runIntakeJob(request, { upload, work, output });
    writeFileSync(join(output, INTAKE_JOB_FILES.result), JSON.stringify(result));
  } catch (error) {
    console.error(error);
    leaveMessage(output, error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

/** Why it failed, where SageMaker looks for it: `/opt/ml/output/message`, seen from `/opt/ml/processing/output`. */
function leaveMessage(output: string, message: string): void {
  const path = join(output, '..', '..', 'output', 'message');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, message.slice(0, 1000));
}

void main(process.argv.slice(2));
