import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type HostLimits, type LambdaHost, lambdaHost } from '../../../rehearsal/lambda-host/host.ts';
import type { Invocation, Outcome } from '../../../rehearsal/lambda-host/invocation.ts';
import type { SidecarEnvironment } from '../../../rehearsal/sidecar/environment.ts';
import type { Credentials } from '../../../rehearsal/sidecar/role-credentials.ts';

/** A Lambda host in a temporary folder, with sessions that expire when the test says so. */
export interface FunctionRig {
  readonly folder: string;
  readonly sidecar: SidecarEnvironment;
  readonly host: LambdaHost;
  /** Deploys CommonJS source as a function; gives a way to call it. */
  deploy(name: string, source: string, settings?: Partial<Invocation>): Deployed;
  /** Moves virtual time ahead of real time. */
  setClock(offsetSeconds: number): void;
  /** Seconds each new session is good for. */
  sessionSeconds: number;
  readonly sessions: Credentials[];
  close(): void;
}

/** A deployed function: calls it; `prepare` has it initialised before. */
export interface Deployed {
  (event?: unknown): Promise<Outcome>;
  prepare(): Promise<void>;
}

export function functionRig(limits?: HostLimits): FunctionRig {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'modelway-lambda-'));
  const clockFile = path.join(folder, 'clock');
  let offset = 0;
  const setClock = (seconds: number) => {
    offset = seconds;
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(seconds);
    writeFileSync(clockFile, bytes);
  };
  setClock(0);
  writeFileSync(path.join(folder, 'ca.pem'), '');
  const sidecar = {
    gatewayPort: 9,
    gatewayUrl: 'https://127.0.0.1:9',
    sidecarPort: 9,
    sidecarUrl: 'http://127.0.0.1:9',
    clockFile,
    caFile: path.join(folder, 'ca.pem'),
    workFolder: path.join(folder, 'work'),
    containerPython: path.resolve('.venvs/container/bin/python'),
  };
  const sessions: Credentials[] = [];
  const rig = { sessionSeconds: 3600 };
  const assumeRole = async (role: string, _session: string, forSeconds: number) => {
    if (role.endsWith('/forbidden')) throw new Error(`not authorized to perform sts:AssumeRole on ${role}`);
    const now = Date.now() + offset * 1000;
    const known = sessions.at(-1);
    if (known !== undefined && known.expires - now > forSeconds * 1000) return known;
    const session = {
      accessKeyId: `key-${sessions.length}`,
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expires: now + rig.sessionSeconds * 1000,
    };
    sessions.push(session);
    return session;
  };
  const host = lambdaHost(sidecar, assumeRole, limits);
  let requests = 0;
  return Object.assign(rig, {
    folder,
    sidecar,
    host,
    sessions,
    setClock,
    deploy: (name: string, source: string, settings: Partial<Invocation> = {}) => {
      const dir = path.join(folder, 'code', name);
      mkdirSync(dir, { recursive: true });
      writeFileSync(path.join(dir, 'index.js'), source);
      const invocation = (event: unknown): Invocation => {
        requests += 1;
        return {
          name,
          arn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
          version: '$LATEST',
          dir,
          handler: 'index.handler',
          role: 'arn:aws:iam::123456789012:role/worker',
          timeout: 10,
          memory: 256,
          storage: 512,
          runtime: 'nodejs24.x',
          env: {},
          layers: [],
          ...settings,
          rid: `request-${requests}`,
          event,
        };
      };
      const call = (event: unknown = {}) => host.invoke(invocation(event));
      return Object.assign(call, { prepare: () => host.prepare(invocation(null)) });
    },
    close: () => {
      host.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  });
}
