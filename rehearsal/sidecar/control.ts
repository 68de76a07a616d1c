import https from 'node:https';
import { z } from 'zod';
import type { Credentials } from './role-credentials.ts';

/** One data point for CloudWatch. */
export interface MetricPoint {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit: string;
  /** Virtual seconds since 1970. Left out: now. */
  readonly at?: number;
}

/** A state change as EventBridge carries it; its source is `aws.sagemaker`. */
export interface StateChange {
  readonly type: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * The emulator's control channel. Virtual time leaps only while nobody holds a token: work that outlives the request that started
 * it holds one, and gives it up while it sleeps.
 */
export interface Control {
  /** Virtual seconds since 1970. */
  now(): number;
  hold(): Promise<void>;
  release(): Promise<void>;
  /** Sleeps virtual `seconds`: gives the caller's token up and has it back on return. `id` lets `wake` find the sleeper. */
  sleep(seconds: number, id?: string): Promise<void>;
  /** Ends a sleep and takes its token back. Whoever kills a process that sleeps must do this first, or the count of tokens breaks. */
  wake(id: string): Promise<void>;
  /** Tells state machines that a job ended. */
  jobDone(kind: string, name: string): Promise<void>;
  event(change: StateChange): Promise<void>;
  metrics(points: readonly MetricPoint[]): Promise<void>;
  /** Something that no caller is told and that a rehearsal must not hide: lost rights, dead containers, bugs. */
  problem(line: string): Promise<void>;
  /** A session of `role`. @throws when its trust policy does not name `service` */
  credentials(role: string, service: string, session: string): Promise<Credentials>;
}

const CredentialsSchema = z.union([
  z.object({
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    sessionToken: z.string(),
    /** Virtual seconds since 1970. */
    expires: z.number(),
  }),
  z.object({ error: z.string() }),
]);

/** Talks to the emulator over its TLS gateway. */
export function controlOf(gatewayUrl: string): Control {
  // Every sleeper keeps a connection of its own for as long as it sleeps.
  const agent = new https.Agent({ keepAlive: true, maxSockets: 512 });
  const post = async (operation: string, body: object) => {
    const url = `${gatewayUrl}/_rehearsal/${operation}`;
    const answer = await send(agent, url, JSON.stringify(body));
    if (answer.status !== 200)
      throw new Error(`the emulator answered ${answer.status} to ${operation}: ${answer.body.slice(0, 300)}`);
    return answer.body;
  };
  const tell = async (operation: string, body: object) => void (await post(operation, body));
  return {
    now: () => Date.now() / 1000,
    hold: () => tell('hold', {}),
    release: () => tell('release', {}),
    sleep: async (seconds, id) => {
      if (seconds > 0) await tell('sleep', { seconds, id });
    },
    wake: (id) => tell('wake', { id }),
    jobDone: (kind, name) => tell('job-done', { kind, name }),
    event: (change) => tell('event', change),
    metrics: async (points) => {
      if (points.length > 0) await tell('metrics', { points });
    },
    problem: (line) => tell('problem', { line }),
    credentials: async (role, service, session) => {
      const answer = CredentialsSchema.parse(JSON.parse(await post('credentials', { role, service, session })));
      if ('error' in answer) throw new Error(answer.error);
      return { ...answer, expires: answer.expires * 1000 };
    },
  };
}

interface ControlAnswer {
  readonly status: number;
  readonly body: string;
}

async function send(agent: https.Agent, url: string, body: string): Promise<ControlAnswer> {
  try {
    return await sendOnce(agent, url, body);
  } catch (error) {
    // The gateway may close an idle connection just as we use it; nothing was processed then.
    if (error instanceof StaleConnection) return sendOnce(agent, url, body);
    throw error;
  }
}

class StaleConnection extends Error {}

function sendOnce(agent: https.Agent, url: string, body: string): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method: 'POST', agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', (error) =>
      reject(request.reusedSocket ? new StaleConnection(error.message, { cause: error }) : error),
    );
    request.end(body);
  });
}
