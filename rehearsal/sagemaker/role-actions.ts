import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { REGION } from '../sidecar/environment.ts';
import { type AssumeRole, type Credentials, credentialVariables } from '../sidecar/role-credentials.ts';
import { type ObjectStore, objectStore } from './object-store.ts';

export interface LogEvent {
  /** Virtual milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

/** What SageMaker does with a role it was given; every call is checked against that role. */
export interface RoleActions {
  readonly objects: ObjectStore;
  /** Makes the group and the stream when they are not there. */
  writeLog(group: string, stream: string, events: readonly LogEvent[]): Promise<void>;
  /** Names of those alarms that are in ALARM. */
  alarmsInAlarm(names: readonly string[]): Promise<readonly string[]>;
  /** The role's credentials as environment variables of a container. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Acts as `role`; the session is named for what it works for, as the service does. */
export type ActAs = (role: string, session: string) => Promise<RoleActions>;

const SESSION_SPARE_SECONDS = 600;

/** Role actions over the emulator's gateway. */
export function actThrough(gatewayUrl: string, assumeRole: AssumeRole): ActAs {
  const known = new Map<Credentials, RoleActions>();
  return async (role, session) => {
    const credentials = await assumeRole(role, session, SESSION_SPARE_SECONDS);
    const actions = known.get(credentials) ?? actionsWith(gatewayUrl, credentials);
    known.set(credentials, actions);
    for (const old of known.keys()) if (old.expires < Date.now()) known.delete(old);
    return actions;
  };
}

function actionsWith(gatewayUrl: string, credentials: Credentials): RoleActions {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const options = {
    endpoint: gatewayUrl,
    region: REGION,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    maxAttempts: 2,
  };
  const logs = new CloudWatchLogsClient(options);
  const cloudwatch = new CloudWatchClient(options);
  return {
    objects: objectStore(new S3Client({ ...options, forcePathStyle: true })),
    writeLog: (group, stream, events) => writeLog(logs, group, stream, events),
    alarmsInAlarm: (names) => alarmsInAlarm(cloudwatch, names),
    variables: credentialVariables(credentials),
  };
}

async function alarmsInAlarm(cloudwatch: CloudWatchClient, names: readonly string[]): Promise<readonly string[]> {
  const found = await cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [...names], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  return [...(found.MetricAlarms ?? []), ...(found.CompositeAlarms ?? [])]
    .filter((alarm) => alarm.StateValue === 'ALARM')
    .map((alarm) => alarm.AlarmName ?? '');
}

const EVENTS_PER_CALL = 1000;

async function writeLog(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  logStreamName: string,
  events: readonly LogEvent[],
): Promise<void> {
  await unlessThere(logs.send(new CreateLogGroupCommand({ logGroupName })));
  await unlessThere(logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName })));
  for (let from = 0; from < events.length; from += EVENTS_PER_CALL) {
    const logEvents = events.slice(from, from + EVENTS_PER_CALL);
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  }
}

async function unlessThere(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'ResourceAlreadyExistsException') throw error;
  });
}
