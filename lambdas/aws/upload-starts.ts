import { createHash } from 'node:crypto';
import {
  ExecutionAlreadyExists,
  InvalidArn,
  SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
} from '@aws-sdk/client-sfn';
import type { IntakeInput, MonitoringInput } from '../../contracts/machines.ts';
import { machineName } from '../../contracts/names.ts';
import { uploadKey } from '../../contracts/upload-keys.ts';
import { type Account, stateMachineArn } from './account.ts';

/** What an attempt to start an execution ended in. */
export type Started = 'started' | 'exists' | 'no-machine';

/** An execution to start: intake of data, or monitoring for labels. */
export type UploadStart =
  | { readonly kind: 'intake'; readonly input: IntakeInput }
  | { readonly kind: 'monitoring'; readonly input: MonitoringInput };

/** Starts a machine of a model. */
export type StartMachine = (model: string, executionName: string, start: UploadStart) => Promise<Started>;

/** Tells of an upload that nothing can be started for. */
export type Note = (problem: string, about: string) => void;

/**
 * Starts what an uploaded object version asks for: a file directly in the inbox counts by itself, a file in a folder waits for the
 * folder's marker. What can never be started is told to `note`; `none` then, and for the empty objects that a console makes for folders.
 */
export async function startUpload(upload: IntakeInput, start: StartMachine, note: Note): Promise<Started | 'none'> {
  const read = uploadKey(upload.key);
  if (read.kind === 'none' && read.why !== null) note(read.why, upload.key);
  if (read.kind === 'none' || read.kind === 'member') return 'none';
  const started = await start(read.model, executionName(upload), startOf(read.kind, upload));
  if (started === 'no-machine') note(`names a model (${read.model}) that this platform does not run`, upload.key);
  return started;
}

/** What lies below `inbox/<model>/labels/` is labels of predictions, everything else is data. */
function startOf(kind: 'file' | 'marker' | 'labels', upload: IntakeInput): UploadStart {
  if (kind !== 'labels') return { kind: 'intake', input: upload };
  const { bucket, key, versionId, uploadedAt } = upload;
  return { kind: 'monitoring', input: { labels: { bucket, key, versionId, uploadedAt } } };
}

/** The same object version always gives the same name, so that an event that comes twice starts one execution. */
export function executionName({ bucket, key, versionId }: Pick<IntakeInput, 'bucket' | 'key' | 'versionId'>): string {
  return createHash('sha256')
    .update(JSON.stringify([bucket, key, versionId]))
    .digest('hex');
}

/** Starts machines of the platform in the account that a function runs in. */
export function startBeside(platform: string, account: Account, client: SFNClient = new SFNClient({})): StartMachine {
  return async (model, name, { kind, input }) => {
    const arn = stateMachineArn(account, machineName(platform, model, kind));
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn: arn, name, input: JSON.stringify(input) }));
      return 'started';
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return 'exists';
      if (error instanceof StateMachineDoesNotExist || error instanceof InvalidArn) return 'no-machine';
      throw error;
    }
  };
}
