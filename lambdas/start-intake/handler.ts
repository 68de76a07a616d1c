import {
  ExecutionAlreadyExists,
  InvalidArn,
  SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
} from '@aws-sdk/client-sfn';
import { machineName } from '../../contracts/names.ts';
import { type Account, accountOf, stateMachineArn } from '../aws/account.ts';
import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { type StartMachine, startUploads } from './start-uploads.ts';

const { MODELWAY_PLATFORM } = environment();
const client = new SFNClient({});

/** Starts one execution per uploaded object version; answers with the messages to deliver again. */
export const handler = defineHandler('start-intake', async (event, { invokedFunctionArn }) =>
  startUploads(event, startBeside(accountOf(invokedFunctionArn)), (problem, about) => {
    console.warn(JSON.stringify({ upload: about, problem }));
  }),
);

function startBeside(account: Account): StartMachine {
  return async (model, name, { kind, input }) => {
    const arn = stateMachineArn(account, machineName(MODELWAY_PLATFORM, model, kind));
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
