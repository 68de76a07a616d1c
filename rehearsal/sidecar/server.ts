import http from 'node:http';

/** Answers one route: takes the parsed body, gives what is sent back as JSON. */
export type JsonRoute = (body: unknown) => unknown;

/** Answers one route that speaks bytes. */
export type BinaryRoute = (headers: http.IncomingHttpHeaders, body: Buffer) => Promise<Buffer>;

export interface Routes {
  readonly json: Readonly<Record<string, JsonRoute>>;
  readonly binary: Readonly<Record<string, BinaryRoute>>;
}

/** The sidecar's server. A route that throws answers 500 with the message, which the emulator reports. */
export function sidecarServer(routes: Routes): http.Server {
  const server = http.createServer((request, response) => {
    void answer(routes, request).then(
      (body) => response.end(body),
      (error: unknown) => {
        console.error(request.url, error);
        response.statusCode = error instanceof UnknownRoute ? 404 : 500;
        response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
      },
    );
  });
  // The emulator keeps its connections for as long as it lives.
  server.keepAliveTimeout = 3_600_000;
  server.requestTimeout = 0;
  return server;
}

async function answer(routes: Routes, request: http.IncomingMessage): Promise<Buffer | string> {
  const name = (request.url ?? '').slice(1);
  const body = await read(request);
  const binary = routes.binary[name];
  if (binary !== undefined) return binary(request.headers, body);
  const json = routes.json[name];
  if (json === undefined) throw new UnknownRoute(name, [...Object.keys(routes.json), ...Object.keys(routes.binary)]);
  return JSON.stringify((await json(JSON.parse(body.length === 0 ? '{}' : body.toString()))) ?? {});
}

async function read(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

class UnknownRoute extends Error {
  constructor(name: string, known: readonly string[]) {
    super(`the sidecar has no route "${name}"; it has ${known.join(', ')}`);
    this.name = 'UnknownRoute';
  }
}
