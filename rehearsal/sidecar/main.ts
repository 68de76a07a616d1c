import { once } from 'node:events';
import { z } from 'zod';
import { lambdaHost } from '../lambda-host/host.ts';
import { InvocationSchema } from '../lambda-host/invocation.ts';
import { sageMaker } from '../sagemaker/emulator.ts';
import { actThrough } from '../sagemaker/role-actions.ts';
import { DEFAULT_SETTINGS } from '../sagemaker/settings.ts';
import { controlOf } from './control.ts';
import { readSidecarEnvironment } from './environment.ts';
import { sessionsFor } from './role-credentials.ts';
import { sidecarServer } from './server.ts';

const KillMessageSchema = z.object({ who: z.string() });

/**
 * The sidecar: Lambda host and SageMaker emulator in one process, called by the emulator over loopback. The rig starts it with
 * `--require lambda-host/preload.cjs`, so that its `Date` is virtual time too.
 */
async function main(): Promise<void> {
  const sidecar = readSidecarEnvironment(process.env);
  const control = controlOf(sidecar.gatewayUrl);
  const host = lambdaHost(sidecar, sessionsFor('lambda.amazonaws.com', control));
  const service = sageMaker({
    control,
    actAs: actThrough(sidecar.gatewayUrl, sessionsFor('sagemaker.amazonaws.com', control)),
    settings: DEFAULT_SETTINGS,
    sidecar,
    processes: new Set(),
  });
  const server = sidecarServer({
    json: {
      invoke: (body) => host.invoke(InvocationSchema.parse(body)),
      prepare: (body) => host.prepare(InvocationSchema.parse(body)),
      kill: (body) => ({ n: host.kill(KillMessageSchema.parse(body).who) }),
      api: (body) => service.api(body),
      cfn: (body) => service.cloudFormation(body),
      nap: (body) => service.nap(body),
    },
    binary: { 'invoke-endpoint': (headers, body) => service.invokeEndpoint(headers, body) },
  });
  process.on('exit', () => {
    host.close();
    service.close();
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => process.exit(0));
  // The rig holds the other end of our input: its end is ours.
  process.stdin.on('close', () => process.exit(0)).resume();
  server.listen(sidecar.sidecarPort, '127.0.0.1');
  await once(server, 'listening');
  console.log('sidecar ready');
}

await main();
