import http from 'node:http';
import path from 'node:path';
import type { ContainerLog } from './container-log.ts';
import { CONTAINER_FOLDER, type ContainerProcess, networkVariables, startContainer } from './container-process.ts';
import type { Model } from './model.ts';
import { JobFailure } from './service-error.ts';
import type { World } from './world.ts';

/** What a container answered; status 0 when it did not, with the reason as the body. */
export interface ContainerAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

/** A serving container: one process, started again when it dies. */
export interface ServingProcess {
  readonly log: ContainerLog;
  /** Whether it listens. */
  alive(): boolean;
  send(body: Buffer, headers: Readonly<Record<string, string>>, limitSeconds: number): Promise<ContainerAnswer>;
  /** Metric lines (embedded metric format) printed since they were last taken. */
  takeMetricLines(): readonly string[];
  /** Ends it for good. */
  stop(): Promise<void>;
}

export interface ServingStart {
  readonly model: Model;
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: ContainerLog;
  /** Told when a container that served died by itself. */
  readonly onDeath: (reason: string) => void;
}

/** Starts a container and waits until it answers a ping. @throws JobFailure when it never does */
export async function startServing(world: World, start: ServingStart): Promise<ServingProcess> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  let metricLines: string[] = [];
  let container: ContainerProcess | undefined;
  let port: number | undefined;
  let stopped = false;

  const onLine = (line: string) => {
    start.log.add(line);
    if (line.includes('"_aws"')) metricLines.push(line);
  };
  const launch = async () => {
    for (let attempt = 1; attempt <= world.settings.startAttempts && !stopped; attempt++) {
      const actions = await world.actAs(start.model.role, 'SageMaker');
      // Known at once, so that `stop` also ends a container that does not listen yet.
      const next = startListener(world, start, actions.variables, onLine);
      container = next;
      const listening = await portWithin(next, world.settings.containerStart);
      if (listening !== undefined && (await ping(agent, listening, world.settings.ping))) {
        port = listening;
        void next.ended.then(restart);
        return;
      }
      next.kill();
    }
    await start.log.flush();
    throw new JobFailure(
      'The primary container for production variant did not pass the ping health check. Please check CloudWatch logs for this endpoint.',
    );
  };
  const restart = async () => {
    port = undefined;
    if (stopped) return;
    start.onDeath(`a container died and was started again; its last lines: ${start.log.tail(3).join(' | ')}`);
    await launch().catch((error: unknown) => {
      if (!stopped) start.onDeath(error instanceof Error ? error.message : String(error));
    });
  };

  await launch();
  return {
    log: start.log,
    alive: () => port !== undefined,
    send: (body, headers, limitSeconds) =>
      port === undefined
        ? Promise.resolve(noAnswer('the container does not run'))
        : post(agent, port, body, headers, limitSeconds),
    takeMetricLines: () => {
      const taken = metricLines;
      metricLines = [];
      return taken;
    },
    stop: async () => {
      stopped = true;
      port = undefined;
      agent.destroy();
      container?.kill();
      await container?.ended;
      await start.log.flush();
    },
  };
}

function startListener(
  world: World,
  start: ServingStart,
  credentials: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): ContainerProcess {
  return startContainer(world, {
    args: [path.join(CONTAINER_FOLDER, 'serve.py')],
    folder: start.folder,
    variables: {
      ...networkVariables(world, start.model.isolated, credentials),
      SM_MODEL_DIR: start.folder,
      REHEARSAL_PORT_PIPE: '3',
      // One request keeps one core busy at most: requests run side by side instead.
      OMP_NUM_THREADS: '1',
      ...start.model.environment,
      ...start.variables,
    },
    onLine,
  });
}

async function portWithin(container: ContainerProcess, seconds: number): Promise<number | undefined> {
  const limit = setTimeout(() => container.kill(), seconds * 1000);
  const port = await container.port;
  clearTimeout(limit);
  return port;
}

async function ping(agent: http.Agent, port: number, limitSeconds: number): Promise<boolean> {
  const answer = await exchange({ agent, port, method: 'GET', path: '/ping', limitSeconds });
  return answer.status === 200;
}

function post(
  agent: http.Agent,
  port: number,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
  limitSeconds: number,
): Promise<ContainerAnswer> {
  return exchange({ agent, port, method: 'POST', path: '/invocations', limitSeconds, body, headers });
}

interface Exchange {
  readonly agent: http.Agent;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly limitSeconds: number;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const TIMED_OUT =
  'Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.';

function exchange(call: Exchange): Promise<ContainerAnswer> {
  const { agent, port, method, path: route, body } = call;
  return new Promise((resolve) => {
    const headers = { ...call.headers, 'content-length': body?.length ?? 0 };
    const request = http.request({ agent, host: '127.0.0.1', port, method, path: route, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => resolve(noAnswer(error.message)));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'],
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.setTimeout(call.limitSeconds * 1000, () => {
      resolve(noAnswer(TIMED_OUT));
      request.destroy();
    });
    request.on('error', (error) => resolve(noAnswer(error.message)));
    request.end(body);
  });
}

const noAnswer = (reason: string): ContainerAnswer => ({
  status: 0,
  contentType: undefined,
  body: Buffer.from(reason),
});
