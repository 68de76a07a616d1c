import { accountOf } from '../aws/account.ts';
import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { startBeside } from '../aws/upload-starts.ts';
import { listUploads } from './list-uploads.ts';
import { sweepInbox } from './sweep-inbox.ts';

const { MODELWAY_PLATFORM, MODELWAY_LAKE_BUCKET } = environment();

/** Looks for uploads whose event was lost, and starts them. */
export const handler = defineHandler('sweep', async (_, { invokedFunctionArn }) =>
  sweepInbox({
    uploads: () => listUploads(MODELWAY_LAKE_BUCKET),
    start: startBeside(MODELWAY_PLATFORM, accountOf(invokedFunctionArn)),
    note: (problem, about) => {
      console.warn(JSON.stringify({ upload: about, problem }));
    },
    now: () => new Date(),
  }),
);
