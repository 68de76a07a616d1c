import type { Command, Option } from './command.ts';

const CONFIG: Option = {
  type: 'string',
  value: 'FILE',
  description: 'the platform config (left out: modelway.config.ts of this folder, else of the checkout)',
};
const JSON_OUTPUT: Option = { type: 'boolean', description: 'print one JSON document' };

const REFERENCE: Omit<Option, 'description'> = { type: 'string', multiple: true, value: 'FILE' };
const COLUMNS: Omit<Option, 'description'> = { type: 'string', multiple: true, value: 'COL' };
const WATCHED_MODEL: Option = {
  type: 'string',
  value: 'M',
  description: 'watch this model’s features with its settings (left out: every column, with the defaults)',
};

const RECORDS: Command['options'] = {
  model: { type: 'string', value: 'M', description: 'the model (left out: the only one of the config)' },
  config: CONFIG,
  rehearsal: { type: 'boolean', description: 'read what the last rehearsal left instead of AWS' },
  records: { type: 'string', value: 'F', description: 'read the evidence.json of any rehearsal' },
};

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
  {
    name: 'infer',
    usage: 'FILES… [--json]',
    summary: 'proposes a data schema from local files, to paste into a model or to use as --schema',
    options: { json: { ...JSON_OUTPUT, description: 'print the schema as JSON, as validate takes it' } },
    files: true,
    run: async (args, io) => (await import('./infer/infer.ts')).infer(args, io),
  },
  {
    name: 'profile',
    usage: 'FILES… -o P.json [--reference FILES|P.json] [--model M]',
    summary: 'counts local files into a small document that drift takes in their place',
    options: {
      output: { type: 'string', short: 'o', value: 'P.json', description: 'the document to write' },
      reference: { ...REFERENCE, description: 'count over the bins of these (left out: bins of the files themselves)' },
      model: WATCHED_MODEL,
      config: CONFIG,
    },
    files: true,
    run: async (args, io) => (await import('./drift/profile.ts')).profile(args, io),
  },
  {
    name: 'drift',
    usage:
      '--reference FILES|P.json --current FILES|P.json [--model M] [--time COL --window hour|day|week] [--json] [--html F]',
    summary: 'compares two sets of local files, with or without a model: which features changed, and by how much',
    options: {
      reference: { ...REFERENCE, description: 'what was: a file, a folder, or a profile; may be given several times' },
      current: { ...REFERENCE, description: 'what is: likewise' },
      time: {
        type: 'string',
        value: 'COL',
        description: 'the column of instants; the current rows are judged by window too',
      },
      window: {
        type: 'string',
        value: 'hour|day|week',
        description: 'length of a window, UTC (left out: the model’s, else day)',
      },
      'windows-per-month': {
        type: 'string',
        value: 'N',
        description: 'windows judged a month (left out: as many as follow one another)',
      },
      'false-alarms': {
        type: 'string',
        value: 'N',
        description: 'false alarms a month one is ready to accept (left out: 1)',
      },
      'effect-floor': {
        type: 'string',
        value: 'X',
        description: 'smallest distance that counts, 0 to 1 (left out: 0.02)',
      },
      'minimum-rows': { type: 'string', value: 'N', description: 'fewer rows give no verdict (left out: 1000)' },
      model: WATCHED_MODEL,
      config: CONFIG,
      json: JSON_OUTPUT,
      html: { type: 'string', value: 'F', description: 'write a page with pictures to this file' },
    },
    files: false,
    run: async (args, io) => (await import('./drift/drift.ts')).drift(args, io),
  },
  {
    name: 'import',
    usage: 'model-monitor DIR [-o P.json] [--config F]',
    summary: 'turns the baseline of SageMaker Model Monitor into a profile for drift and a piece of config',
    options: {
      output: {
        type: 'string',
        short: 'o',
        value: 'P.json',
        description: 'the profile to write (left out: model-monitor.json)',
      },
      config: {
        type: 'string',
        value: 'F',
        description: 'write the piece of config to this file (left out: print it)',
      },
    },
    files: true,
    run: async (args, io) => (await import('./import/model-monitor.ts')).importModelMonitor(args, io),
  },
  {
    name: 'quality',
    usage: '--reference FILES --current FILES --score COL --label COL [--labels FILES --id COL] [--json] [--html F]',
    summary:
      'says how well a model does on local files, with labels and without: metrics, concept drift, slices, fairness',
    options: {
      reference: { ...REFERENCE, description: 'held-out rows with scores and labels; may be given several times' },
      current: { ...REFERENCE, description: 'rows with scores, with or without labels: likewise' },
      score: { type: 'string', value: 'COL', description: 'the column of scores' },
      label: { type: 'string', value: 'COL', description: 'the column of outcomes (left out: the target of --model)' },
      value: { type: 'string', value: 'COL', description: 'the column of what a row was worth, for business metrics' },
      labels: { ...REFERENCE, description: 'labels that came later: JSON Lines or CSV with inferenceId and label' },
      id: { type: 'string', value: 'COL', description: 'the column of the inferenceId that labels name' },
      row: { type: 'string', value: 'COL', description: 'the column of the row within its request (left out: 0)' },
      threshold: { type: 'string', value: 'S', description: 'predicted positive from this score on (left out: 0.5)' },
      slice: { ...COLUMNS, description: 'a column to follow value by value; may be given several times' },
      protected: { ...COLUMNS, description: 'a column to measure fairness over; likewise' },
      time: { type: 'string', value: 'COL', description: 'the column of when a row was answered' },
      window: { type: 'string', value: 'hour|day|week', description: 'report the rows window by window' },
      metric: { type: 'string', value: 'NAME', description: 'what the verdict stands on (left out: auc)' },
      margin: { type: 'string', value: 'M', description: 'how far below the reference it may fall (left out: 0.01)' },
      'minimum-labels': { type: 'string', value: 'N', description: 'fewer give no verdict on labels (left out: 500)' },
      'label-horizon': { type: 'string', value: 'DAYS', description: 'when labels are all in (left out: 30)' },
      'maximum-gap': { type: 'string', value: 'G', description: 'the largest gap taken for fair (left out: 0.05)' },
      business: {
        type: 'string',
        value: 'F.json',
        description: 'business metrics: a list of {name, unit, expression}',
      },
      model: WATCHED_MODEL,
      config: CONFIG,
      json: JSON_OUTPUT,
      html: { type: 'string', value: 'F', description: 'write a page with pictures to this file' },
    },
    files: false,
    run: async (args, io) => (await import('./quality/quality.ts')).quality(args, io),
  },
  {
    name: 'lineage',
    usage: 'V [--model M] [--json | --openlineage] [--html F] [--rehearsal | --records F]',
    summary:
      'what a record was made from and what was made of it: V is live, a package number, or the id of any record',
    options: {
      ...RECORDS,
      json: { ...JSON_OUTPUT, description: 'print the graph as one JSON document' },
      openlineage: { type: 'boolean', description: 'print OpenLineage run events, one JSON document a line' },
      html: { type: 'string', value: 'F', description: 'write a page with a picture to this file' },
    },
    files: true,
    run: async (args, io) => (await import('./lineage/lineage.ts')).lineage(args, io),
  },
  {
    name: 'reproduce',
    usage: 'V [--model M] [--yes] [--json] [--rehearsal | --records F]',
    summary:
      'builds a model again from its frozen inputs and says whether it is the same: V is live, a package number or a run',
    options: {
      ...RECORDS,
      rehearsal: { type: 'boolean', description: 'tell the verdict that the last rehearsal left; nothing is started' },
      records: { type: 'string', value: 'F', description: 'tell the verdict in the evidence.json of any rehearsal' },
      yes: { type: 'boolean', description: 'do not ask before spending money' },
      json: JSON_OUTPUT,
    },
    files: true,
    run: async (args, io) => (await import('./reproduce/reproduce.ts')).reproduce(args, io),
  },
  {
    name: 'audit',
    usage: 'verify [--model M] [--json] [--rehearsal | --records F]',
    summary: 'recomputes the chain of audit records and names the first broken link',
    options: { ...RECORDS, json: JSON_OUTPUT },
    files: true,
    run: async (args, io) => (await import('./audit/audit.ts')).audit(args, io),
  },
];

/** Commands that the design names and this version does not have, with what to use until then. */
export const NOT_YET: Readonly<Record<string, string>> = {
  status: 'look at the fleet dashboard and the state machines in the console',
  explain: 'read the captured answer: every prediction carries its explanation',
  approve: 'set the model package to Approved in the SageMaker console or with aws sagemaker update-model-package',
  reject: 'set the model package to Rejected in the SageMaker console or with aws sagemaker update-model-package',
  retrain: 'start the state machine <platform>-<model>-retraining with {"trigger":"manual","cause":"why"}',
  rollback: 'set the model package to go back to to Approved again',
  report: 'open the reports below monitoring/<model>/ in the lake bucket',
};
