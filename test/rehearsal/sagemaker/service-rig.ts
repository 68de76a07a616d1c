import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packFolder } from '../../../rehearsal/sagemaker/archive.ts';
import { type SageMaker, sageMaker } from '../../../rehearsal/sagemaker/emulator.ts';
import type { LogEvent } from '../../../rehearsal/sagemaker/role-actions.ts';
import { DEFAULT_SETTINGS, type SageMakerSettings } from '../../../rehearsal/sagemaker/settings.ts';
import { addressOf } from '../../../rehearsal/sidecar/loopback.ts';
import { sidecarServer } from '../../../rehearsal/sidecar/server.ts';
import { type MemoryObjects, memoryObjects } from './memory-objects.ts';
import { type VirtualControl, virtualControl } from './virtual-control.ts';

export const ROLE = 'arn:aws:iam::123456789012:role/sagemaker';
export const IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:3.0-5';

/** The SageMaker emulator with real processes, and a clock, objects, logs and alarms in memory. */
export interface ServiceRig {
  readonly control: VirtualControl;
  readonly objects: MemoryObjects;
  readonly logs: Map<string, string[]>;
  /** Alarms that are in ALARM. */
  readonly standing: Set<string>;
  /** A call that must be answered 200; gives the answer. */
  call(op: string, body: object, caller?: string): Promise<Record<string, unknown>>;
  /** A call that must be refused; gives `code: message`. */
  refusal(op: string, body: object): Promise<string>;
  invoke(endpoint: string, body: string, head?: Record<string, string>): Promise<Invocation>;
  /** Packs files as a tar.gz object. */
  putArchive(uri: string, files: Readonly<Record<string, string>>): Promise<void>;
  readonly processes: () => number;
  close(): Promise<void>;
}

export interface Invocation {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export async function serviceRig(settings: Partial<SageMakerSettings> = {}): Promise<ServiceRig> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'modelway-sagemaker-'));
  const clockFile = path.join(folder, 'clock');
  const control = virtualControl(clockFile, new Date('2001-02-01T00:00:00Z'));
  const objects = memoryObjects();
  const logs = new Map<string, string[]>();
  const standing = new Set<string>();
  let service: SageMaker | undefined;
  const server = sidecarServer({ json: { nap: (body) => service?.nap(body) }, binary: {} }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const actions = {
    objects: objects.store,
    variables: { AWS_ACCESS_KEY_ID: 'key' },
    writeLog: async (group: string, _stream: string, events: readonly LogEvent[]) => {
      logs.set(group, [...(logs.get(group) ?? []), ...events.map((event) => event.message)]);
    },
    alarmsInAlarm: async (names: readonly string[]) => names.filter((name) => standing.has(name)),
  };
  const processes = new Set<{ kill(): void }>();
  service = sageMaker({
    control,
    actAs: async () => actions,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    sidecar: {
      gatewayPort: 9,
      gatewayUrl: 'https://127.0.0.1:9',
      sidecarPort: addressOf(server).port,
      sidecarUrl: `http://127.0.0.1:${addressOf(server).port}`,
      clockFile,
      caFile: path.join(folder, 'ca.pem'),
      workFolder: path.join(folder, 'work'),
      containerPython: path.resolve('.venvs/container/bin/python'),
    },
    processes,
  });
  const running = service;
  let archives = 0;
  return {
    control,
    objects,
    logs,
    standing,
    processes: () => processes.size,
    call: async (op, body, caller) => {
      const answer = await control.request(() => running.api({ op, body, caller }));
      if (answer.status !== 200) throw new Error(`${op}: ${JSON.stringify(answer.body)}`);
      // As over the wire: members without a value are not there.
      return JSON.parse(JSON.stringify(answer.body));
    },
    refusal: async (op, body) => {
      const answer = await control.request(() => running.api({ op, body }));
      if (answer.status === 200) throw new Error(`${op} was accepted: ${JSON.stringify(answer.body)}`);
      return `${String(answer.body.__type)}: ${String(answer.body.message)}`;
    },
    invoke: (endpoint, body, head = {}) =>
      control.request(async () => {
        const headers = {
          'x-name': endpoint,
          'x-head': JSON.stringify({ 'content-type': 'application/json', ...head }),
        };
        const packed = await running.invokeEndpoint(headers, Buffer.from(body));
        const length = packed.readUInt32LE(0);
        const meta = JSON.parse(packed.subarray(4, 4 + length).toString());
        control.points.push(...meta.metrics);
        return { ...meta, body: packed.subarray(4 + length).toString() };
      }),
    putArchive: async (uri, files) => {
      archives += 1;
      const source = path.join(folder, 'archives', String(archives));
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(source, name)), { recursive: true });
        writeFileSync(path.join(source, name), text);
      }
      await objects.store.put(uri, await packFolder(source));
    },
    close: async () => {
      running.close();
      server.closeAllConnections();
      server.close();
      await new Promise((resolve) => setTimeout(resolve, 20));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
