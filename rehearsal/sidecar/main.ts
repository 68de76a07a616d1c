import { once } from 'node:events';
import { z } from 'zod';
import { lambdaHost } from '../lambda-host/host.ts';
import { InvocationSchema } from '../lambda-host/invocation.ts';
import { controlOf } from './control.ts';
import { readSidecarEnvironment } from './environment.ts';
import { sessionsFor } from './role-credentials.ts';
import { sidecarServer } from './server.ts';

/**
 * The sidecar: Lambda host and SageMaker emulator in one process, called by the emulator over loopback. The rig starts it with
 * `--require lambda-host/preload.cjs`, so that its `Date` is virtual time too.
 */
async function main(): Promise<void> {
  const sidecar = readSidecarEnvironment(process.env);
  const control = controlOf(sidecar.gatewayUrl);
  const host = lambdaHost(sidecar, sessionsFor('lambda.amazonaws.com', control));
  const server = sidecarServer({
    json: {
      invoke: (body) => host.invoke(InvocationSchema.parse(body)),
      kill: (body) => ({ n: host.kill(z.object({ who: z.string() }).parse(body).who) }),
    },
    binary: {},
  });
  process.on('exit', () => host.close());
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => process.exit(0));
  // The rig holds the other end of our input: its end is ours.
  process.stdin.on('close', () => process.exit(0)).resume();
  server.listen(sidecar.sidecarPort, '127.0.0.1');
  await once(server, 'listening');
  console.log('sidecar ready');
}

await main();
