import https from 'node:https';
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

/**
 * Role actions over the emulator's gateway. Making a client costs more than most calls, so each is made once, when it is first
 * needed, and asks for new credentials when its own are near expiry.
 */
export function actThrough(gatewayUrl: string, assumeRole: AssumeRole): ActAs {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 64 });
  const known = new Map<string, Omit<RoleActions, 'variables'>>();
  const streams = new Set<string>();
  return async (role, session) => {
    const credentials = () => assumeRole(role, session, SESSION_SPARE_SECONDS);
    // Asked for at once, so that a role that cannot be assumed is refused here.
    const variables = credentialVariables(await credentials());
    const key = `${role}|${session}`;
    const actions = known.get(key) ?? actionsWith(clientOptions(gatewayUrl, agent, credentials), streams);
    known.set(key, actions);
    return { ...actions, variables };
  };
}

type ClientOptions = ReturnType<typeof clientOptions>;

function clientOptions(gatewayUrl: string, httpsAgent: https.Agent, credentials: () => Promise<Credentials>) {
  return {
    endpoint: gatewayUrl,
    region: REGION,
    credentials: async () => {
      const { accessKeyId, secretAccessKey, sessionToken, expires } = await credentials();
      return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expires) };
    },
    maxAttempts: 2,
    requestHandler: { httpsAgent },
  };
}

/** `streams` are the log streams that were made already, by whomever. */
function actionsWith(options: ClientOptions, streams: Set<string>): Omit<RoleActions, 'variables'> {
  const logs = once(() => new CloudWatchLogsClient(options));
  const cloudwatch = once(() => new CloudWatchClient(options));
  return {
    objects: objectStore(new S3Client({ ...options, forcePathStyle: true })),
    writeLog: async (group, stream, events) => {
      const name = `${group}:${stream}`;
      if (!streams.has(name)) await makeStream(logs(), group, stream);
      streams.add(name);
      await writeLog(logs(), group, stream, events);
    },
    alarmsInAlarm: (names) => alarmsInAlarm(cloudwatch(), names),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
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

async function makeStream(logs: CloudWatchLogsClient, logGroupName: string, logStreamName: string): Promise<void> {
  await unlessThere(logs.send(new CreateLogGroupCommand({ logGroupName })));
  await unlessThere(logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName })));
}

async function writeLog(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  logStreamName: string,
  events: readonly LogEvent[],
): Promise<void> {
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
