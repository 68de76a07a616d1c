import { once } from 'node:events';
import http from 'node:http';
import { addressOf } from '../sidecar/loopback.ts';

/** One event on its way to the function. */
export interface Delivery {
  readonly requestId: string;
  readonly arn: string;
  /** Virtual milliseconds since 1970. */
  readonly deadline: number;
  readonly event: string;
  /** Credentials newer than those the process was started with, as environment variables. */
  readonly credentials: string;
}

/** What the function's runtime reports. */
export interface RuntimeReports {
  /** It asks for an event: initialised, and done with the one before. */
  ready(): void;
  responded(body: string): void;
  failed(body: string): void;
  initFailed(body: string): void;
}

/** The Lambda Runtime API of one execution environment, on a free loopback port. */
export interface RuntimeApi {
  readonly address: string;
  /** Hands `delivery` to the runtime at its next (or waiting) request for an event. */
  deliver(delivery: Delivery): void;
  close(): void;
}

/** Starts a Runtime API that serves exactly one process. */
export async function startRuntimeApi(reports: RuntimeReports): Promise<RuntimeApi> {
  let waiting: http.ServerResponse | undefined;
  let pending: Delivery | undefined;
  const send = () => {
    if (waiting === undefined || pending === undefined) return;
    answerNext(waiting, pending);
    waiting = undefined;
    pending = undefined;
  };
  const server = http.createServer((request, response) => {
    const route = request.url ?? '';
    if (route.endsWith('/invocation/next')) {
      waiting = response;
      reports.ready();
      send();
      return;
    }
    void readBody(request).then((body) => {
      response.writeHead(202).end();
      if (route.endsWith('/init/error')) reports.initFailed(body);
      else if (route.endsWith('/error')) reports.failed(body);
      else reports.responded(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${addressOf(server).port}`,
    deliver: (delivery) => {
      pending = delivery;
      send();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answerNext(response: http.ServerResponse, delivery: Delivery): void {
  response.setHeader('Lambda-Runtime-Aws-Request-Id', delivery.requestId);
  response.setHeader('Lambda-Runtime-Deadline-Ms', delivery.deadline);
  response.setHeader('Lambda-Runtime-Invoked-Function-Arn', delivery.arn);
  response.setHeader('Rehearsal-Credentials', delivery.credentials);
  response.end(delivery.event);
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
