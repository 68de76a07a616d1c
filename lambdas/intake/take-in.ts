import type { TakenIntake } from '../../contracts/intake-steps.ts';
import { inboxPrefix } from '../../contracts/keys.ts';
import type { IntakeInput } from '../../contracts/machines.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { openDuck } from '../../core/duckdb.ts';
import { refusedFile } from '../../core/intake/refused-file.ts';
import { inScratchFolder } from '../aws/scratch-folder.ts';
import { conclude, judgedHere } from './conclude.ts';
import { versionToCompare } from './content-profile.ts';
import { type BegunIntake, freezeIntake } from './freeze-intake.ts';
import type { IntakePlace, IntakeTools, TakenUpload, UploadIntake } from './intake-tools.ts';
import { isDiskFull, MOST_UPLOAD_BYTES } from './limits.ts';
import { takeFile, takeFolder } from './validate-upload.ts';

/**
 * Validates one upload, a file or a folder, and registers what was accepted. The record of the dataset version is written last, so that
 * a version that can be found is complete; doing it all again gives the same version.
 * @throws IncompleteUpload while files that a manifest names may still come
 */
export async function takeIn(input: UploadIntake, tools: IntakeTools): Promise<TakenIntake> {
  return takeHere(input, await freezeIntake(input, tools), tools);
}

/** Takes a begun intake in here and now. `beyond` says what becomes of content that is too large; left out: it is refused. */
export function takeHere(
  input: UploadIntake,
  begun: BegunIntake,
  tools: IntakeTools,
  beyond: IntakePlace['beyond'] = 'refuse',
): Promise<TakenIntake> {
  return inIntakePlace(tools, beyond, async (place) => {
    const taken = await withinDisk(input, begun, place);
    return conclude(input, begun.frozen.previous, judgedHere(input, taken, place), tools);
  });
}

/** Gives `act` an empty folder and a database in it. */
export function inIntakePlace<T>(
  tools: IntakeTools,
  beyond: IntakePlace['beyond'],
  act: (place: IntakePlace) => Promise<T>,
): Promise<T> {
  return inScratchFolder(async (folder) => {
    const duck = await openDuck({ folder });
    try {
      return await act({ ...tools, folder, duck, beyond });
    } finally {
      duck.close();
    }
  });
}

/** What reports call an upload: its key, or its folder, inside the inbox. */
export const uploadName = ({ model, upload }: UploadIntake, { frozen }: BegunIntake): string =>
  (frozen.folder ?? upload.key).slice(inboxPrefix(model.name).length);

/** An upload that is too large for the disk is refused: tried again it would be no smaller. */
async function withinDisk(input: UploadIntake, begun: BegunIntake, place: IntakePlace): Promise<TakenUpload> {
  const { model, upload } = input;
  const { frozen, manifest } = begun;
  const name = uploadName(input, begun);
  const refused = (message: string): TakenUpload => ({
    validated: refusedFile(name, { rule: 'too-large', message }),
    sources: [],
  });
  const bytes = frozen.files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > MOST_UPLOAD_BYTES)
    return refused(`has ${bytes} bytes; one upload has at most ${MOST_UPLOAD_BYTES}, so upload it in several`);
  if (frozen.problem !== null)
    return { validated: refusedFile(name, { rule: 'manifest', message: frozen.problem }), sources: [] };
  try {
    const previous = await versionToCompare(model, frozen.previous, place);
    const request = { model, name, now: new Date(upload.uploadedAt), ...(previous === undefined ? {} : { previous }) };
    if (frozen.folder === null) return await takeFile(request, upload, place);
    const { bucket } = upload;
    const { files } = frozen;
    const given = { bucket, folder: frozen.folder, files, ...(manifest === undefined ? {} : { manifest }) };
    return await takeFolder(request, given, place);
  } catch (error) {
    if (isDiskFull(error))
      return refused('fills the disk with its rows and what was wrong with them; upload it in several');
    throw error;
  }
}

/** The lake a machine's upload must lie in; anything else is a mistake of whoever started it. */
export function requireLake(upload: IntakeInput, bucket: string): void {
  if (upload.bucket !== bucket)
    throw new ModelwayError('foreign-bucket', 'input', [
      {
        path: 'upload.bucket',
        message: `intake reads uploads of ${bucket} only`,
        got: upload.bucket,
        fix: 'copy the file below inbox/<model>/ of that bucket',
      },
    ]);
}
