import type { Control } from './control.ts';

/** A session of one role. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Virtual milliseconds since 1970. */
  readonly expires: number;
}

/**
 * Gives a session of `role` that is good for at least `forSeconds` of virtual time; sessions are shared by role and name.
 * @throws when the role does not trust the service
 */
export type AssumeRole = (role: string, session: string, forSeconds: number) => Promise<Credentials>;

/** Sessions for one service, which the role's trust policy must name; what they may do is what the template's role may do. */
export function sessionsFor(service: string, control: Pick<Control, 'credentials'>): AssumeRole {
  const sessions = new Map<string, Promise<Credentials>>();
  return async (role, session, forSeconds) => {
    const key = `${role}|${session}`;
    const known = await sessions.get(key);
    if (known !== undefined && known.expires - Date.now() > forSeconds * 1000) return known;
    const fresh = control.credentials(role, service, session.slice(0, 64));
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
