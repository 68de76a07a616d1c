import { join } from 'node:path';
import { ACCOUNT, REGION } from './aws-clients.ts';
import type { WorkFolder } from './work-folder.ts';

/** Where one rehearsal lives. */
export interface Places {
  readonly folder: WorkFolder;
  readonly gatewayPort: number;
  readonly sidecarPort: number;
}

/** All variables that emulator and sidecar get; nothing of the caller's AWS settings, proxies or profiles passes through. */
export function childEnvironment(places: Places, containerPython: string): Readonly<Record<string, string>> {
  const { folder, gatewayPort, sidecarPort } = places;
  return {
    PATH: process.env.PATH ?? '',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    HOME: folder.path,
    TMPDIR: folder.temporaryFolder,
    WORK_DIR: folder.path,
    STATE_DIR: folder.stateFolder,
    CLOCK_FILE: folder.clockFile,
    GATEWAY_PORT: String(gatewayPort),
    SIDECAR_PORT: String(sidecarPort),
    SIDECAR_URL: `http://127.0.0.1:${sidecarPort}`,
    CA_FILE: folder.certificateFile,
    CERT_FILE: folder.certificateFile,
    KEY_FILE: folder.keyFile,
    NODE_EXTRA_CA_CERTS: folder.certificateFile,
    CONTAINER_PYTHON: containerPython,
    ...ministackSettings(folder),
  };
}

function ministackSettings(folder: WorkFolder): Readonly<Record<string, string>> {
  return {
    AUTH: 'true',
    BIND_HOST: '127.0.0.1',
    USE_SSL: '1',
    MINISTACK_SSL_CERT: folder.certificateFile,
    MINISTACK_SSL_KEY: folder.keyFile,
    MINISTACK_ACCOUNT_ID: ACCOUNT,
    MINISTACK_REGION: REGION,
    LAMBDA_EXECUTOR: 'local',
    LAMBDA_STRICT: '0',
    // It would open sockets on all interfaces for these.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    // It removes containers of other ministacks where it finds a daemon.
    DOCKER_HOST: `unix://${join(folder.path, 'no-docker')}`,
    LOG_LEVEL: process.env.REHEARSAL_LOG_LEVEL ?? 'WARNING',
    PYTHONUNBUFFERED: '1',
  };
}
