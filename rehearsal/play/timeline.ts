import { type CloudWatchClient, DescribeAlarmHistoryCommand } from '@aws-sdk/client-cloudwatch';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { MACHINES, machineName } from '../../contracts/names.ts';
import type { RehearsalResult } from '../../contracts/rehearsal.ts';
import { listExecutions } from './executions.ts';

type Entry = RehearsalResult['timeline'][number];

/** A message the alert topic accepted, with its virtual time. */
export interface Notification {
  readonly at: string;
  readonly subject: string;
}

/** Everything that happened, in virtual time: executions, alarms, messages, and the notes of the story. */
export async function buildTimeline(
  aws: { sfn: SFNClient; cloudwatch: CloudWatchClient; machineArn: (name: string) => string },
  names: { platform: string; model: string },
  notifications: readonly Notification[],
  notes: readonly Entry[],
): Promise<Entry[]> {
  const executions = await Promise.all(
    MACHINES.map(async (kind) =>
      executionEntries(aws.sfn, kind, aws.machineArn(machineName(names.platform, names.model, kind))),
    ),
  );
  const alarms = await alarmEntries(aws.cloudwatch, `${names.platform}-${names.model}`);
  const messages = notifications.map((message) => ({
    at: message.at,
    what: `message: ${message.subject}`,
    who: 'sns',
    ref: '',
  }));
  return [...executions.flat(), ...alarms, ...messages, ...notes].sort((a, b) => a.at.localeCompare(b.at));
}

async function executionEntries(sfn: SFNClient, kind: string, machineArn: string): Promise<Entry[]> {
  const executions = await listExecutions(sfn, machineArn);
  return executions.flatMap((execution) => {
    const begin = {
      at: execution.startedAt.toISOString(),
      what: `${kind} started`,
      who: 'states',
      ref: execution.name,
    };
    if (execution.endedAt === undefined) return [begin];
    return [
      begin,
      {
        at: execution.endedAt.toISOString(),
        what: `${kind} ${execution.status.toLowerCase()}`,
        who: 'states',
        ref: execution.name,
      },
    ];
  });
}

async function alarmEntries(cloudwatch: CloudWatchClient, prefix: string): Promise<Entry[]> {
  const history = await cloudwatch.send(
    new DescribeAlarmHistoryCommand({ HistoryItemType: 'StateUpdate', MaxRecords: 100 }),
  );
  return (history.AlarmHistoryItems ?? [])
    .filter((item) => item.AlarmName?.startsWith(prefix) && !/from (\w+) to \1/.test(item.HistorySummary ?? ''))
    .map((item) => ({
      at: item.Timestamp?.toISOString() ?? '',
      what: item.HistorySummary ?? 'alarm changed state',
      who: 'cloudwatch',
      ref: item.AlarmName ?? '',
    }));
}
