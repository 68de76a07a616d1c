import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { REGION } from './environment.ts';

/** A session of one role. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Virtual milliseconds since 1970. */
  readonly expires: number;
}

/** Gives a session of `role` that is good for at least `forSeconds` of virtual time; sessions are shared by role and name. */
export type AssumeRole = (role: string, session: string, forSeconds: number) => Promise<Credentials>;

/** Sessions come from the emulator's own STS, so what they may do is what the template's role may do. */
export function assumeRoleThrough(gatewayUrl: string): AssumeRole {
  const sts = new STSClient({
    endpoint: gatewayUrl,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const sessions = new Map<string, Promise<Credentials>>();
  return async (role, session, forSeconds) => {
    const key = `${role}|${session}`;
    const known = await sessions.get(key);
    if (known !== undefined && known.expires - Date.now() > forSeconds * 1000) return known;
    const fresh = assume(sts, role, session);
    sessions.set(key, fresh);
    fresh.catch(() => sessions.delete(key));
    return fresh;
  };
}

/** The variables by which an SDK finds these credentials, and learns when to read them again. */
export function credentialVariables(credentials: Credentials): Readonly<Record<string, string>> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: new Date(credentials.expires).toISOString(),
  };
}

async function assume(sts: STSClient, role: string, session: string): Promise<Credentials> {
  const answer = await sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: session.slice(0, 64) }));
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
    throw new Error(`AssumeRole of ${role} answered without credentials`);
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expires: Expiration.getTime(),
  };
}
