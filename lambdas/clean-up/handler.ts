import { setTimeout } from 'node:timers/promises';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SFNClient } from '@aws-sdk/client-sfn';
import { defineHandler } from '../aws/define-handler.ts';
import { answerStack } from './answer-stack.ts';
import { removeEverything } from './remove-everything.ts';
import { sagemakerLeftovers } from './sagemaker-leftovers.ts';

const leftovers = sagemakerLeftovers(new SageMakerClient({}), new SFNClient({}));

/** The custom resource of a model's stack: does nothing until the stack is deleted, then removes what the machines made. */
export const handler = defineHandler('clean-up', (event, invocation) =>
  answerStack(event, (removal) =>
    removeEverything(removal, leftovers, {
      remainingMilliseconds: () => invocation.getRemainingTimeInMillis(),
      sleep: async (milliseconds) => {
        await setTimeout(milliseconds);
      },
      say: (what) => console.log(what),
    }),
  ),
);
