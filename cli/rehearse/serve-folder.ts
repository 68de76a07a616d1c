import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';
import type { Io } from '../io.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves a folder of reports on 127.0.0.1 until Ctrl-C, and says where. */
export async function serveFolder(folder: string, io: Io): Promise<void> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname);
    const file = path.join(folder, asked.endsWith('/') ? `${asked}index.html` : asked);
    if (!file.startsWith(folder + path.sep)) response.writeHead(404).end();
    else void sendFile(file, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  io.err(`the report is at http://127.0.0.1:${port}/ until you press Ctrl-C\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function sendFile(file: string, response: ServerResponse): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  const contentType = CONTENT_TYPES[path.extname(file)];
  if (found?.isFile() !== true || contentType === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': found.size });
  createReadStream(file).pipe(response);
}
