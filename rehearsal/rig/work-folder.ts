import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const PREFIX = 'modelway-rehearsal-';
const OWNER_FILE = 'owner.json';
const UNCLAIMED_MS = 60_000;

/** The folder of one rehearsal: everything its processes write lies below it. */
export interface WorkFolder {
  readonly path: string;
  readonly clockFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly stateFolder: string;
  readonly temporaryFolder: string;
  readonly logFolder: string;
  remove(): void;
}

/** Makes the folder of a new rehearsal, after removing those whose owner has died. */
export function createWorkFolder(base = tmpdir()): WorkFolder {
  sweepAbandoned(base);
  const path = mkdtempSync(join(base, PREFIX));
  writeFileSync(join(path, OWNER_FILE), JSON.stringify(owner(process.pid)));
  const folder = (name: string) => {
    mkdirSync(join(path, name));
    return join(path, name);
  };
  return {
    path,
    clockFile: join(path, 'clock'),
    certificateFile: join(path, 'certificate.pem'),
    keyFile: join(path, 'key.pem'),
    stateFolder: folder('state'),
    temporaryFolder: folder('tmp'),
    logFolder: folder('logs'),
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  };
}

/** Removes the folders of rehearsals whose owner no longer runs. What cannot be removed belongs to someone else and stays. */
export function sweepAbandoned(base = tmpdir()): void {
  for (const name of readdirSync(base)) {
    if (!name.startsWith(PREFIX) || ownerRuns(join(base, name))) continue;
    try {
      rmSync(join(base, name), { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}

const OwnerSchema = z.object({
  pid: z.number(),
  /** When the process began, where the host tells: process ids are used again. */
  began: z.string(),
});
type Owner = z.infer<typeof OwnerSchema>;

function owner(pid: number): Owner {
  return { pid, began: processStart(pid) };
}

function ownerRuns(path: string): boolean {
  const known = readOwner(path);
  // Another rehearsal may have made its folder a moment ago and not yet said that it is its own.
  if (known === undefined) return Date.now() - statSync(path).mtimeMs < UNCLAIMED_MS;
  try {
    process.kill(known.pid, 0);
    return processStart(known.pid) === known.began;
  } catch (error) {
    // A process of another user cannot be signalled, but it runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    const { data } = OwnerSchema.safeParse(JSON.parse(readFileSync(join(path, OWNER_FILE), 'utf8')));
    return data;
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/PID/stat, counted after the command, which may contain spaces; empty on hosts without /proc. */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
