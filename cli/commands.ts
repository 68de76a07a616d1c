import type { Command, Option } from './command.ts';

const CONFIG: Option = {
  type: 'string',
  value: 'FILE',
  description: 'the platform config (left out: modelway.config.ts of this folder, else of the checkout)',
};
const JSON_OUTPUT: Option = { type: 'boolean', description: 'print one JSON document' };

/** Every command there is. Each loads its own code only when it runs, so that help and mistakes answer at once. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'rehearse',
    usage: '[--model M] [--assembly DIR] [--config FILE] [--json] [--exit]',
    summary: 'plays the whole loop on this machine, from the synthesized templates, without AWS',
    options: {
      config: CONFIG,
      model: { type: 'string', value: 'M', description: 'play this model’s scenario (left out: flight-delay)' },
      assembly: { type: 'string', value: 'DIR', description: 'play a cloud assembly synthesized before' },
      json: { ...JSON_OUTPUT, description: 'print the result as one JSON document' },
      exit: { type: 'boolean', description: 'end after the report instead of serving it' },
    },
    files: false,
    run: async (args, io) => (await import('./rehearse/rehearse.ts')).rehearse(args, io),
  },
  {
    name: 'plan',
    usage: '[--config FILE] [--json]',
    summary: 'says what the config would make: resources, idle cost a month, cost of a run, quotas',
    options: { config: CONFIG, json: JSON_OUTPUT },
    files: false,
    run: async (args, io) => (await import('./plan/plan.ts')).plan(args, io),
  },
  {
    name: 'validate',
    usage: '(--model M | --schema S.json) FILES… [--json]',
    summary: 'says what intake would accept of local files and folders: CSV, JSON lines, Parquet, compressed or not',
    options: {
      model: { type: 'string', value: 'M', description: 'check against this model’s data schema' },
      schema: { type: 'string', value: 'S.json', description: 'check against this data schema' },
      config: CONFIG,
      json: JSON_OUTPUT,
    },
    files: true,
    run: async (args, io) => (await import('./validate/validate.ts')).validate(args, io),
  },
];

/** Commands that the design names and this version does not have, with what to use until then. */
export const NOT_YET: Readonly<Record<string, string>> = {
  status: 'look at the fleet dashboard and the state machines in the console',
  lineage: 'read the lineage table: partition model#<model>',
  reproduce: 'start the retraining state machine by hand with the dataset versions of the run',
  explain: 'read the captured answer: every prediction carries its explanation',
  approve: 'set the model package to Approved in the SageMaker console or with aws sagemaker update-model-package',
  reject: 'set the model package to Rejected in the SageMaker console or with aws sagemaker update-model-package',
  retrain: 'start the state machine <platform>-<model>-retraining with {"trigger":"manual","cause":"why"}',
  rollback: 'set the model package to go back to to Approved again',
  report: 'open the reports below monitoring/<model>/ in the lake bucket',
};
