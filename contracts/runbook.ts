import { ALARMS, MACHINES } from './names.ts';

/** Articles of `docs/runbook.md`, by their anchors: one for each alarm, each machine that fails, and each refusal that is announced. */
export const RUNBOOK_ARTICLES = [
  ...ALARMS.map((alarm) => `alarm-${alarm}` as const),
  'alarm-green',
  ...MACHINES.map((machine) => `${machine}-failed` as const),
  'retraining-decided',
  'undelivered',
  'upload-quarantined',
  'candidate-refused',
  'reproduction-verdict',
  'deployment-rolled-back',
  'deployment-stuck',
] as const;
export type RunbookArticle = (typeof RUNBOOK_ARTICLES)[number];
