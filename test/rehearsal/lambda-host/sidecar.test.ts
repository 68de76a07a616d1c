import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { addressOf } from '../../../rehearsal/sidecar/loopback.ts';

let folder: string;
let sidecar: ChildProcess;
let port: number;

async function freePort(): Promise<number> {
  const probe = http.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const found = addressOf(probe).port;
  probe.close();
  return found;
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'modelway-sidecar-'));
  writeFileSync(path.join(folder, 'clock'), Buffer.alloc(8));
  writeFileSync(path.join(folder, 'ca.pem'), '');
  port = await freePort();
  sidecar = spawn(
    process.execPath,
    ['--require', path.resolve('rehearsal/lambda-host/preload.cjs'), path.resolve('rehearsal/sidecar/main.ts')],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        GATEWAY_PORT: '9',
        SIDECAR_PORT: String(port),
        CLOCK_FILE: path.join(folder, 'clock'),
        NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'),
        WORK_DIR: folder,
        CONTAINER_PYTHON: 'python3',
      },
    },
  );
  if (sidecar.stdout) await once(sidecar.stdout, 'data');
});

afterEach(() => {
  sidecar.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('ends when its input closes, so that it never outlives the rehearsal', async () => {
  const exit = once(sidecar, 'exit');
  sidecar.stdin?.end();
  expect(await exit).toEqual([0, null]);
});

it('says which routes there are when asked for one there is not', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/nothing`, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ error: expect.stringContaining('invoke') });
});

it('answers an invocation whose role cannot be assumed with a failure, not with a broken connection', async () => {
  const body = { name: 'f', arn: 'a', version: '1', dir: folder, handler: 'i.h', role: 'r', timeout: 1, memory: 128 };
  const answer = await fetch(`http://127.0.0.1:${port}/invoke`, {
    method: 'POST',
    body: JSON.stringify({ ...body, rid: 'x', event: {} }),
  });
  expect(await answer.json()).toMatchObject({ error: true, body: { errorType: 'Lambda.NotStarted' } });
});

it('takes functions and containers along when it is killed, also those at work', async () => {
  const parent = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./orphan-parent.ts'))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  const left = z
    .object({ folder: z.string(), pids: z.tuple([z.number(), z.number()]) })
    .parse(JSON.parse(String(line)));
  const alive = () => left.pids.filter(isAlive);
  expect(alive()).toHaveLength(2);
  parent.kill('SIGKILL');
  await expect.poll(alive, { timeout: 5000 }).toEqual([]);
  rmSync(left.folder, { recursive: true, force: true, maxRetries: 5 });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
