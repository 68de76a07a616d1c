import { accountOf } from '../aws/account.ts';
import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { startBeside } from '../aws/upload-starts.ts';
import { startUploads } from './start-uploads.ts';

const { MODELWAY_PLATFORM } = environment();

/** Starts one execution per uploaded object version; answers with the messages to deliver again. */
export const handler = defineHandler('start-intake', async (event, { invokedFunctionArn }) =>
  startUploads(event, startBeside(MODELWAY_PLATFORM, accountOf(invokedFunctionArn)), (problem, about) => {
    console.warn(JSON.stringify({ upload: about, problem }));
  }),
);
