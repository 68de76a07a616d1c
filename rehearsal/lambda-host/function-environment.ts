import path from 'node:path';
import { ACCOUNT, REGION, type SidecarEnvironment } from '../sidecar/environment.ts';
import type { Invocation } from './invocation.ts';

/** Where one execution environment lives and talks. */
export interface EnvironmentPlace {
  readonly runtimeApi: string;
  readonly temporaryFolder: string;
  readonly logStream: string;
  readonly credentials: Readonly<Record<string, string>>;
}

/**
 * The variables of a function's process: what Lambda sets, what the template sets, and what leads calls to the emulator.
 * Nothing of the sidecar's own environment is inherited.
 */
export function functionVariables(
  invocation: Invocation,
  place: EnvironmentPlace,
  sidecar: SidecarEnvironment,
): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCOUNT_ID: ACCOUNT,
    AWS_EXECUTION_ENV: `AWS_Lambda_${invocation.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: invocation.name,
    AWS_LAMBDA_FUNCTION_VERSION: invocation.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(invocation.memory),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: invocation.group ?? `/aws/lambda/${invocation.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    LAMBDA_TASK_ROOT: invocation.dir,
    LAMBDA_RUNTIME_DIR: import.meta.dirname,
    _HANDLER: invocation.handler,
    NODE_PATH: modulePath(invocation.layers),
    TMPDIR: place.temporaryFolder,
    ...invocation.env,
    ...place.credentials,
    AWS_ENDPOINT_URL: sidecar.gatewayUrl,
    NODE_EXTRA_CA_CERTS: sidecar.caFile,
    CLOCK_FILE: sidecar.clockFile,
    GATEWAY_PORT: String(sidecar.gatewayPort),
  };
}

/** Native code in layers is built for Lambda; another host loads its own build of the same version from the checkout. */
function modulePath(layers: readonly string[]): string {
  const folders = layers.map((layer) => path.join(layer, 'nodejs', 'node_modules'));
  const checkout = path.resolve(import.meta.dirname, '../../node_modules');
  return (layers.length > 0 && !BUILT_FOR_LAMBDA ? [...folders, checkout] : folders).join(path.delimiter);
}

const BUILT_FOR_LAMBDA = process.platform === 'linux' && process.arch === 'x64';

/** Node's memory flags, in the shares Lambda's own Node.js runtime uses. */
export function memoryFlags(memoryMegabytes: number): readonly string[] {
  return [
    `--max-old-space-size=${Math.round(memoryMegabytes * 0.9)}`,
    `--max-semi-space-size=${Math.max(1, Math.round(memoryMegabytes * 0.05))}`,
  ];
}
