import { paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { machineName } from '../../contracts/names.ts';
import { accountOf, stateMachineArn } from '../aws/account.ts';
import { defineHandler } from '../aws/define-handler.ts';
import { environment } from '../aws/environment.ts';
import { dynamoLineage } from '../aws/lineage-table.ts';
import { dynamoTrainingSlot } from '../aws/training-slot.ts';
import { decide } from './decide.ts';

const { MODELWAY_PLATFORM, MODELWAY_TABLE } = environment();
const client = new SFNClient({});
const lineage = dynamoLineage(MODELWAY_TABLE);
const slot = dynamoTrainingSlot(MODELWAY_TABLE);

/** Decides whether to train a model now, and says why. */
export const handler = defineHandler('decide-retraining', (input, { invokedFunctionArn }) =>
  decide(input, {
    lineage,
    slot,
    now: () => new Date(),
    running: async (model, machine) => {
      const arn = stateMachineArn(accountOf(invokedFunctionArn), machineName(MODELWAY_PLATFORM, model, machine));
      const names: string[] = [];
      const pages = paginateListExecutions({ client }, { stateMachineArn: arn, statusFilter: 'RUNNING' });
      for await (const { executions } of pages) for (const { name } of executions ?? []) if (name) names.push(name);
      return names;
    },
  }),
);
