import type { FunctionOutput } from '../../contracts/functions.ts';
import type { IntakeInput } from '../../contracts/machines.ts';
import { uploadKey } from '../../contracts/upload-keys.ts';
import { type Note, type StartMachine, startUpload } from '../aws/upload-starts.ts';
import { waitingFolders } from './waiting-folders.ts';

/** What the handler works with. */
export interface SweepTools {
  /** Every object version below the inbox, in any order. */
  readonly uploads: () => AsyncIterable<IntakeInput>;
  readonly start: StartMachine;
  readonly note: Note;
  readonly now: () => Date;
}

const DAY = 86_400_000;
/** Step Functions remembers a name for ninety days; an older upload could be taken in a second time. */
const LOOK_BACK_DAYS = 60;
/** An event may still be on its way. */
const SETTLED_MINUTES = 15;
/** Starts at once; Step Functions takes more, in every region. */
const AT_ONCE = 25;
/** Folders told one by one. */
const MOST_TOLD = 100;

/**
 * Starts every upload of the last two months that was not started, because its event was lost. An upload that was started before has
 * an execution of its name, so that it is not started again. Folders whose files still wait for a marker are told.
 */
export async function sweepInbox({ uploads, start, note, now }: SweepTools): Promise<FunctionOutput<'sweep'>> {
  const latest = now().getTime() - SETTLED_MINUTES * 60_000;
  const earliest = now().getTime() - LOOK_BACK_DAYS * DAY;
  const found = { looked: 0, started: 0 };
  const folders = waitingFolders();
  let batch: IntakeInput[] = [];
  const flush = async () => {
    const outcomes = await Promise.all(batch.map((upload) => startUpload(upload, start, note)));
    outcomes.forEach((outcome, index) => {
      if (outcome !== 'started') return;
      found.started += 1;
      note('had not been started: its event was lost', batch[index]?.key ?? '');
    });
    batch = [];
  };
  for await (const upload of uploads()) {
    const at = Date.parse(upload.uploadedAt);
    if (at < earliest || at > latest) continue;
    found.looked += 1;
    folders.see(uploadKey(upload.key));
    batch.push(upload);
    if (batch.length === AT_ONCE) await flush();
  }
  await flush();
  const waiting = folders.waiting();
  for (const folder of waiting.slice(0, MOST_TOLD)) note('waits for its manifest.json or _SUCCESS', folder);
  return { ...found, waiting: waiting.length };
}
