import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { synthesize } from '../../rehearsal/play/synthesize.ts';
import { processTree } from '../../rehearsal/rig/memory.ts';
import { runs } from '../rehearsal/rig/running-process.ts';
import { CHECKOUT, type Running, startModelway } from './run-modelway.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'modelway-failures-'));
const assembly = path.join(folder, 'cdk.out');
const broken = path.join(folder, 'broken.out');
/** Where the commands of this file put their temporary folders, so that nobody else's are counted. */
const temporary = path.join(folder, 'tmp');
const started: number[] = [];
/** Functions that start machines for uploads: the one that hears of them, and the sweep. */
const STARTERS = 2;
/** A person who pressed Ctrl-C presses again after that. */
const PROMPT_MS = 10_000;

beforeAll(async () => {
  mkdirSync(temporary);
  await synthesize(CHECKOUT, assembly);
  cpSync(assembly, broken, { recursive: true });
  forbid(path.join(broken, 'modelway-platform.template.json'), 'states:StartExecution');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  const runFolders = path.join(CHECKOUT, '.rehearsal');
  for (const name of readdirSync(runFolders))
    if (started.some((pid) => name.endsWith(`-${pid}`))) rmSync(path.join(runFolders, name), { recursive: true });
});

describe('a template that lacks a permission', () => {
  it('fails the rehearsal, and the last lines name the station, the missing right and the logs', async () => {
    const { code, err } = await rehearse(broken).ended;
    expect(code).toBe(1);
    const lines = err.trimEnd().split('\n');
    expect(lines.at(-4)).toBe('rehearsal failed at station: first upload');
    expect(lines.filter((line) => line.includes('states:StartExecution'))).toEqual([lines.at(-2)]);
    expect(lines.at(-2)).toMatch(
      new RegExp(
        '^  role modelway-platform-(FunctionsstartintakeRole[0-9A-F]{8})-\\w+ lacks states:StartExecution' +
          ' on arn:aws:states:us-east-1:123456789012:stateMachine:modelway-flight-delay-intake: ' +
          '.*; the role is declared in stack modelway-platform, resource \\1$',
      ),
    );
    expect(readFileSync(path.join(logFolder(err), 'emulator.log'), 'utf8')).toContain('lacks states:StartExecution');
  });

  it('fails two rehearsals side by side at the same station, each with logs of its own', async () => {
    const ends = await Promise.all([rehearse(broken).ended, rehearse(broken).ended]);
    expect(ends.map(({ code }) => code)).toEqual([1, 1]);
    for (const { err } of ends) {
      expect(err).toContain('rehearsal failed at station: first upload');
      expect(err.match(/lacks states:StartExecution/g)).toHaveLength(1);
    }
    const logs = ends.map(({ err }) => logFolder(err));
    expect(logs[0]).not.toBe(logs[1]);
    expect(logs.every((log) => existsSync(path.join(log, 'sidecar.log')))).toBe(true);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('a rehearsal that ends before its story does', () => {
  it('says that it was interrupted, exits with 1 and leaves nothing, when Ctrl-C is pressed', async () => {
    const command = rehearse(assembly);
    const pids = await inTheStory(command);
    const pressed = performance.now();
    command.kill('SIGINT');
    const { code, err } = await command.ended;
    expect(code).toBe(1);
    expect(performance.now() - pressed).toBeLessThan(PROMPT_MS);
    expect(err).toMatch(
      /rehearsal failed at station: (first training|after first upload)\n {2}interrupted\n {2}log: \S+\n$/,
    );
    await expect.poll(() => left(pids)).toEqual([]);
  });

  it('leaves nothing when Ctrl-C is pressed while the templates are synthesized', async () => {
    const command = rehearse();
    await expect.poll(() => processTree(command.pid).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
    const pids = processTree(command.pid);
    command.kill('SIGINT');
    const { code, err } = await command.ended;
    expect(code).toBe(1);
    expect(err).toMatch(/station: synthesize the templates\n {2}interrupted\n/);
    await expect.poll(() => left(pids)).toEqual([]);
  });

  it('leaves nothing when it is killed', async () => {
    const command = rehearse(assembly);
    const pids = await inTheStory(command);
    command.kill('SIGKILL');
    expect((await command.ended).code).toBe(null);
    await expect.poll(() => left(pids), { timeout: 10_000 }).toEqual([]);
  });
});

/** `modelway rehearse` of an assembly; left out, it synthesizes one. */
function rehearse(from?: string): Running {
  const chosen = from === undefined ? [] : ['--assembly', from];
  const command = startModelway(['rehearse', '--exit', ...chosen], { TMPDIR: temporary });
  started.push(command.pid);
  return command;
}

/** Waits until a model trains; returns every process of the command, which then has several and a folder. */
async function inTheStory(command: Running): Promise<readonly number[]> {
  await command.shows('first upload');
  await expect.poll(() => processTree(command.pid).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(4);
  const pids = processTree(command.pid);
  expect(pids.filter(runs).length).toBeGreaterThanOrEqual(3);
  expect(readdirSync(temporary)).toEqual([expect.stringMatching(/^modelway-rehearsal-/)]);
  return pids;
}

/** Processes that still run and temporary folders that are still there. */
function left(pids: readonly number[]): readonly (string | number)[] {
  return [...pids.filter(runs), ...readdirSync(temporary)];
}

function logFolder(err: string): string {
  return /^ {2}log: (.+)$/m.exec(err)?.[1] ?? '';
}

const TemplateSchema = z.looseObject({ Resources: z.record(z.string(), z.looseObject({})) });
const PolicySchema = z.looseObject({
  Properties: z.looseObject({ PolicyDocument: z.looseObject({ Statement: z.array(z.looseObject({})) }) }),
});

/** Takes every statement that allows `action`, and nothing else, out of the policies of a template. */
function forbid(template: string, action: string): void {
  const document = TemplateSchema.parse(JSON.parse(readFileSync(template, 'utf8')));
  let taken = 0;
  for (const resource of Object.values(document.Resources)) {
    const { success, data } = PolicySchema.safeParse(resource);
    if (!success) continue;
    const statements = data.Properties.PolicyDocument.Statement;
    const kept = statements.filter((statement) => statement.Action !== action);
    taken += statements.length - kept.length;
    resource.Properties = {
      ...data.Properties,
      PolicyDocument: { ...data.Properties.PolicyDocument, Statement: kept },
    };
  }
  expect(taken).toBe(STARTERS);
  writeFileSync(template, JSON.stringify(document));
}
