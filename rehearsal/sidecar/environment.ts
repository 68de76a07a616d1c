import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);

/** What the rig gives the sidecar. */
const SidecarVariablesSchema = z.object({
  GATEWAY_PORT: port,
  SIDECAR_PORT: port,
  CLOCK_FILE: z.string().min(1),
  NODE_EXTRA_CA_CERTS: z.string().min(1),
  WORK_DIR: z.string().min(1),
  CONTAINER_PYTHON: z.string().min(1),
});

export interface SidecarEnvironment {
  readonly gatewayPort: number;
  readonly gatewayUrl: string;
  readonly sidecarPort: number;
  readonly sidecarUrl: string;
  readonly clockFile: string;
  /** Certificate that signs the gateway, for every process that calls it. */
  readonly caFile: string;
  readonly workFolder: string;
  readonly containerPython: string;
}

/** Reads the sidecar's environment. @throws naming every variable that is missing or wrong */
export function readSidecarEnvironment(variables: NodeJS.ProcessEnv): SidecarEnvironment {
  const read = SidecarVariablesSchema.safeParse(variables);
  if (!read.success) {
    const wrong = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new Error(`the sidecar's environment is incomplete: ${wrong}; the rig sets these variables`);
  }
  const { GATEWAY_PORT, SIDECAR_PORT, CLOCK_FILE, NODE_EXTRA_CA_CERTS, WORK_DIR, CONTAINER_PYTHON } = read.data;
  return {
    gatewayPort: GATEWAY_PORT,
    gatewayUrl: `https://127.0.0.1:${GATEWAY_PORT}`,
    sidecarPort: SIDECAR_PORT,
    sidecarUrl: `http://127.0.0.1:${SIDECAR_PORT}`,
    clockFile: CLOCK_FILE,
    caFile: NODE_EXTRA_CA_CERTS,
    workFolder: WORK_DIR,
    containerPython: CONTAINER_PYTHON,
  };
}

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
