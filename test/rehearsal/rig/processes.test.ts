import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { processTree, treeMemoryKB } from '../../../rehearsal/rig/memory.ts';
import { startEmulator } from '../../../rehearsal/rig/start-emulator.ts';
import { createWorkFolder } from '../../../rehearsal/rig/work-folder.ts';
import { runs } from './running-process.ts';

test('stopping leaves no process and no folder', async () => {
  const emulator = await startEmulator();
  const pids = emulator.processIds.flatMap((pid) => processTree(pid));
  expect(pids.length).toBeGreaterThanOrEqual(2);
  expect(pids.every(runs)).toBe(true);
  await emulator.stop();
  expect(pids.filter(runs)).toEqual([]);
  expect(existsSync(emulator.folder)).toBe(false);
});

test('killing the process that started a rehearsal leaves no process and no folder', async () => {
  const parent = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./start-and-wait.ts'))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await Promise.race([once(parent.stdout, 'data'), once(parent, 'exit')]);
  const { pids, folder } = z.object({ pids: z.array(z.number()), folder: z.string() }).parse(JSON.parse(String(line)));
  expect(pids.every(runs)).toBe(true);
  parent.kill('SIGKILL');
  await until(() => !pids.some(runs) && !existsSync(folder));
  expect(pids.filter(runs)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test('two rehearsals side by side do not meet', async () => {
  const [one, other] = await Promise.all([startEmulator(), startEmulator({ startsAt: new Date('2001-01-01') })]);
  await one.aws.s3.send(new CreateBucketCommand({ Bucket: 'only-in-one' }));
  const names = async (emulator: typeof one) =>
    (await emulator.aws.s3.send(new ListBucketsCommand({}))).Buckets?.map((bucket) => bucket.Name);
  expect(await names(one)).toEqual(['only-in-one']);
  expect(await names(other)).toEqual([]);
  expect(other.clock.now().getUTCFullYear()).toBe(2001);
  expect(one.clock.now().getUTCFullYear()).toBeGreaterThan(2020);
  await Promise.all([one.stop(), other.stop()]);
});

test('every socket of a rehearsal listens on 127.0.0.1', async () => {
  const emulator = await startEmulator();
  const addresses = emulator.processIds.flatMap((pid) => listening(pid));
  await emulator.stop();
  expect(addresses.length).toBeGreaterThanOrEqual(2);
  expect(addresses.filter((address) => !address.startsWith('0100007F:'))).toEqual([]);
});

test('the folder of a rehearsal that died is removed by the next one, that of a living one stays', () => {
  const base = mkdtempSync(join(tmpdir(), 'sweep-'));
  const abandoned = join(base, 'modelway-rehearsal-dead');
  mkdirSync(abandoned);
  // Process ids end at 4194304 on Linux and lower elsewhere.
  writeFileSync(join(abandoned, 'owner.json'), JSON.stringify({ pid: 2 ** 30, began: '1' }));
  const unclaimed = join(base, 'modelway-rehearsal-new');
  mkdirSync(unclaimed);
  const living = createWorkFolder(base);
  const next = createWorkFolder(base);
  expect(existsSync(abandoned)).toBe(false);
  expect(existsSync(living.path)).toBe(true);
  expect(existsSync(unclaimed)).toBe(true);
  next.remove();
  living.remove();
  expect(readdirSync(base)).toEqual(['modelway-rehearsal-new']);
  rmSync(base, { recursive: true });
});

test('an emulator that cannot start says so and leaves no folder', async () => {
  const before = rehearsals();
  await expect(startEmulator({ emulatorPython: '/nowhere/python' })).rejects.toThrow(
    '/nowhere/python could not be started',
  );
  await expect(startEmulator({ sidecarModule: '/nowhere/sidecar.ts' })).rejects.toThrow('/nowhere/sidecar.ts');
  expect(rehearsals().filter((name) => !before.includes(name))).toEqual([]);
});

test('memory counts a process and what it started', async () => {
  const child = spawn(process.execPath, [
    '-e',
    'const b = Buffer.alloc(50e6, 1); console.log(b.length); setTimeout(() => b, 60000)',
  ]);
  const before = treeMemoryKB(process.pid);
  await once(child.stdout, 'data');
  expect(treeMemoryKB(process.pid) - before).toBeGreaterThan(40_000);
  child.kill('SIGKILL');
});

const rehearsals = () => readdirSync(tmpdir()).filter((name) => name.startsWith('modelway-rehearsal-'));

async function until(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !holds(); attempt++) await new Promise((resolve) => setTimeout(resolve, 25));
}

/** Local addresses, in the kernel's hexadecimal, on which a process listens. */
function listening(pid: number): string[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && sockets.includes(fields[9] ?? ''))
      .map((fields) => fields[1] ?? ''),
  );
}
