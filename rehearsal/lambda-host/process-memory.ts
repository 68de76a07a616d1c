import { readFileSync } from 'node:fs';

/** Memory of a process in megabytes: now, and the most it ever used. Undefined where there is no /proc, or no such process. */
export function processMemory(pid: number | undefined): { readonly now: number; readonly peak: number } | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { now: megabytes(status, 'VmRSS'), peak: megabytes(status, 'VmHWM') };
  } catch {
    return undefined;
  }
}

function megabytes(status: string, field: string): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return Math.round(Number(kilobytes ?? 0) / 1024);
}
