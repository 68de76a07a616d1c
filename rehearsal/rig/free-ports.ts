import { createServer } from 'node:net';

/** Ports of 127.0.0.1 that nobody listens on. Another process may still take one before it is used: the caller tries again. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  return Promise.all(servers.map(closeAndTellPort));
}

type Listening = Awaited<ReturnType<typeof listen>>;

function listen() {
  return new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function closeAndTellPort(server: Listening): Promise<number> {
  const address = server.address();
  return new Promise((resolve, reject) => {
    server.close(() => {
      if (address === null || typeof address === 'string') reject(new Error('a server on 127.0.0.1 has no port'));
      else resolve(address.port);
    });
  });
}
