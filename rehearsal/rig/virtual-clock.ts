import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';

/** Reads the clock that all processes of a rehearsal share. */
export interface VirtualClock {
  /** Virtual minus real milliseconds. */
  offsetMs(): number;
  now(): Date;
  close(): void;
}

/** Makes the clock file: eight bytes, a little-endian double, virtual minus real seconds. Left out, `startsAt` is the real present. */
export function writeVirtualClock(file: string, startsAt: Date | undefined): void {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(startsAt === undefined ? 0 : (startsAt.getTime() - Date.now()) / 1000);
  writeFileSync(file, bytes);
}

/** Reads the clock kept in `file`, as often as it is asked. */
export function readVirtualClock(file: string): VirtualClock {
  const descriptor = openSync(file, 'r');
  const bytes = Buffer.alloc(8);
  const offsetMs = () => {
    readSync(descriptor, bytes, 0, 8, 0);
    return Math.round(bytes.readDoubleLE(0) * 1000);
  };
  return { offsetMs, now: () => new Date(Date.now() + offsetMs()), close: () => closeSync(descriptor) };
}
