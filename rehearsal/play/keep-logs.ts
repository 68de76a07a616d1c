import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';

/** Copies the logs of a failed rehearsal out of the work folder, which is about to be removed; returns where they lie. */
export async function keepLogs(logs: Readonly<Record<string, string>>, folder: string): Promise<string> {
  const kept = path.join(folder, 'logs');
  await mkdir(kept, { recursive: true });
  await Promise.all(
    Object.entries(logs).map(([name, file]) => copyFile(file, path.join(kept, `${name}.log`)).catch(() => undefined)),
  );
  return kept;
}
