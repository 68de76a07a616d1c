import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionRig, functionRig } from './function-rig.ts';

let rig: FunctionRig;
beforeAll(() => {
  rig = functionRig();
});
afterAll(() => rig.close());

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('an invocation', () => {
  it('gets the event and the context, and its answer comes back as it was', async () => {
    const call = rig.deploy(
      'echo',
      `exports.handler = async (event, context) => ({ event, id: context.awsRequestId, name: context.functionName,
         arn: context.invokedFunctionArn, memory: context.memoryLimitInMB, left: context.getRemainingTimeInMillis() });`,
    );
    const outcome = await call({ rows: [1, 'ü'] });
    expect(outcome.error).toBe(false);
    expect(outcome.body).toMatchObject({
      event: { rows: [1, 'ü'] },
      id: expect.stringMatching(/^request-/),
      name: 'echo',
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:echo',
      memory: '256',
    });
    const left = Reflect.get(Object(outcome.body), 'left');
    expect(left).toBeGreaterThan(8000);
    expect(left).toBeLessThanOrEqual(10_000);
  });

  it('returns what the function printed, and only its own lines', async () => {
    const call = rig.deploy(
      'printer',
      `exports.handler = async (event) => { console.log('line', event.n); console.error('warn', event.n); };`,
    );
    expect((await call({ n: 1 })).log).toBe('line 1\nwarn 1\n');
    const second = await call({ n: 2 });
    expect(second.log).toBe('line 2\nwarn 2\n');
    expect(second.body).toBe(null);
  });

  it('keeps the name, message and stack of an error, so that Retry and Catch can match it', async () => {
    const call = rig.deploy(
      'thrower',
      `class Flaky extends Error { name = 'Flaky' } exports.handler = async () => { throw new Flaky('try again'); };`,
    );
    const outcome = await call();
    expect(outcome).toMatchObject({
      error: true,
      function_error: 'Unhandled',
      body: { errorType: 'Flaky', errorMessage: 'try again' },
    });
    expect(JSON.stringify(outcome.body)).toContain('index.js');
    expect(outcome.log).toContain('Invoke Error');
  });

  it('is stopped at its time-out, and the next one gets a new process', async () => {
    const call = rig.deploy(
      'sleeper',
      `exports.handler = async (event) => { if (event.sleep) await new Promise(() => setInterval(() => {}, 1000)); return process.pid; };`,
      { timeout: 0.5 },
    );
    const before = await call({});
    const outcome = await call({ sleep: true });
    expect(outcome.body).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: request-\d+ Error: Task timed out after 0.50 seconds$/),
    });
    const after = await call({});
    expect(after.body).not.toBe(before.body);
    expect(alive(Number(before.body))).toBe(false);
  });

  it('fails with the error of the module when the code cannot be loaded', async () => {
    const call = rig.deploy('broken', `throw new TypeError('bad bundle');`);
    expect(await call()).toMatchObject({ error: true, body: { errorType: 'TypeError', errorMessage: 'bad bundle' } });
    const absent = rig.deploy('absent', `exports.other = 1;`);
    expect(await absent()).toMatchObject({
      body: { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
    });
  });

  it('fails with Runtime.ExitError when its process ends', async () => {
    const call = rig.deploy('quitter', `exports.handler = async (event) => process.exit(event.code);`);
    expect(await call({ code: 3 })).toMatchObject({
      body: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') },
    });
    expect(await call({ code: 0 })).toMatchObject({
      body: { errorMessage: expect.stringContaining('Runtime exited without providing a reason') },
    });
  });

  it('is killed when it uses more memory than configured, native memory included', async () => {
    const call = rig.deploy(
      'eater',
      `exports.handler = async () => { const all = []; for (let i = 0; i < 60; i++) { all.push(Buffer.alloc(10e6, 1)); await new Promise((r) => setTimeout(r, 20)); } return all.length; };`,
      { memory: 256 },
    );
    const outcome = await call();
    if (process.platform === 'linux') expect(outcome.body).toMatchObject({ errorType: 'Runtime.OutOfMemory' });
    else expect(outcome.error).toBe(false);
  });

  it('fails when its temporary folder holds more than its storage, and leaves no folder behind', async () => {
    const call = rig.deploy(
      'hoarder',
      `const fs = require('node:fs'), os = require('node:os'), path = require('node:path');
       exports.handler = async (event) => { fs.writeFileSync(path.join(os.tmpdir(), 'big'), Buffer.alloc(event.megabytes * 2 ** 20)); return os.tmpdir(); };`,
      { storage: 5 },
    );
    const fits = await call({ megabytes: 4 });
    expect(String(fits.body).startsWith(path.join(rig.folder, 'work'))).toBe(true);
    expect(await call({ megabytes: 6 })).toMatchObject({
      error: true,
      body: { errorMessage: expect.stringContaining('ENOSPC') },
    });
  });

  it('fails when the answer is larger than Lambda returns', async () => {
    const call = rig.deploy('talker', `exports.handler = async () => 'x'.repeat(7e6);`);
    expect(await call()).toMatchObject({ body: { errorType: 'Function.ResponseSizeTooLarge' } });
  });

  it('fails with the reason when its role cannot be assumed', async () => {
    const call = rig.deploy('orphan', `exports.handler = async () => 1;`, {
      role: 'arn:aws:iam::123456789012:role/forbidden',
    });
    expect(await call()).toMatchObject({
      error: true,
      body: { errorMessage: expect.stringContaining('sts:AssumeRole') },
    });
  });
});

describe('the environment of a function', () => {
  it('holds what Lambda gives and what the template sets, and nothing of the host', async () => {
    process.env.SECRET_OF_THE_HOST = 'x';
    const call = rig.deploy('variables', `exports.handler = async () => process.env;`, {
      env: { MODELWAY_TABLE: 't' },
    });
    const { body } = await call();
    delete process.env.SECRET_OF_THE_HOST;
    expect(body).toMatchObject({
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'variables',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/variables',
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: path.join(rig.folder, 'code', 'variables'),
      MODELWAY_TABLE: 't',
      AWS_ACCESS_KEY_ID: 'key-0',
    });
    expect(body).not.toHaveProperty('SECRET_OF_THE_HOST');
    expect(body).not.toHaveProperty('HOME');
  });

  it('finds modules of its layers', async () => {
    const layer = path.join(rig.folder, 'layer');
    mkdirSync(path.join(layer, 'nodejs', 'node_modules', 'answer'), { recursive: true });
    writeFileSync(path.join(layer, 'nodejs', 'node_modules', 'answer', 'index.js'), 'module.exports = 42;');
    const call = rig.deploy('layered', `exports.handler = async () => require('answer');`, { layers: [layer] });
    expect((await call()).body).toBe(42);
  });

  it('reads the virtual clock, also after it jumped', async () => {
    const call = rig.deploy(
      'clock',
      `exports.handler = async () => [new Date().getUTCFullYear(), typeof Date.parse, new Date(0).getTime(), Date.now() - new Date().getTime() <= 0];`,
    );
    expect((await call()).body).toEqual([new Date().getUTCFullYear(), 'function', 0, true]);
    rig.setClock(Date.UTC(2001, 1, 1) / 1000 - Date.now() / 1000);
    expect((await call()).body).toEqual([2001, 'function', 0, true]);
    rig.setClock(0);
  });

  it('gets a fresh session before the old one expires, without losing its process', async () => {
    const call = rig.deploy(
      'session',
      `exports.handler = async () => ({ pid: process.pid, key: process.env.AWS_ACCESS_KEY_ID, until: process.env.AWS_CREDENTIAL_EXPIRATION });`,
    );
    const first = Object(await call()).body;
    rig.setClock(3600);
    const second = Object(await call()).body;
    rig.setClock(0);
    expect(second.pid).toBe(first.pid);
    expect(second.key).not.toBe(first.key);
    expect(Date.parse(second.until)).toBeGreaterThan(Date.parse(first.until));
  });
});

describe('the host', () => {
  it('answers invocations that overlap in processes of their own, and reuses one that is free', async () => {
    const call = rig.deploy(
      'pool',
      `exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)); return process.pid; };`,
    );
    const pids = (await Promise.all([call(), call()])).map((outcome) => outcome.body);
    expect(new Set(pids).size).toBe(2);
    expect(pids).toContain((await call()).body);
  });

  it('may be initialised before its first event, which finds it ready; what fails then says so at its first event', async () => {
    const source = `const loaded = Date.now(); let events = 0; exports.handler = async () => [process.pid, ++events, loaded];`;
    const call = rig.deploy('early', source);
    const idle = rig.host.processes().idle;
    await Promise.all([call.prepare(), call.prepare()]);
    expect(rig.host.processes().idle).toBe(idle + 1);
    const before = Date.now();
    const [pid, , loaded] = Object(await call().then((outcome) => outcome.body));
    expect(loaded).toBeLessThanOrEqual(before);
    await call.prepare();
    expect((await call()).body).toEqual([pid, 2, loaded]);

    const broken = rig.deploy('broken-early', `throw new Error('cannot load');`);
    await broken.prepare();
    expect(await broken()).toMatchObject({ error: true, body: { errorMessage: 'cannot load' } });
  });

  it('waits for its own initialisation when an event comes meanwhile', async () => {
    const call = rig.deploy('meanwhile', 'exports.handler = async () => process.pid;');
    const idle = rig.host.processes().idle;
    const [, outcome] = await Promise.all([call.prepare(), call()]);
    expect((await call()).body).toBe(outcome.body);
    expect(rig.host.processes().idle).toBe(idle + 1);
  });

  it('kills the process that works for a named caller, and the invocation fails', async () => {
    const call = rig.deploy('victim', `exports.handler = () => new Promise(() => setInterval(() => {}, 1000));`);
    const pending = call();
    await expect.poll(() => rig.host.kill('arn:aws:sts::123456789012:assumed-role/worker/victim')).toBe(1);
    expect(await pending).toMatchObject({ body: { errorType: 'Runtime.ExitError' } });
  });

  it('keeps no more idle processes than its memory allows, and lets no more work than it has places', async () => {
    const small = functionRig({ busy: 1, idleMegabytes: 1, unknownMegabytes: 90 });
    try {
      const call = small.deploy(
        'one',
        `exports.handler = async (event) => { const began = Date.now(); await new Promise((r) => setTimeout(r, 100)); return [process.pid, began, Date.now()]; };`,
      );
      const [first, second] = (await Promise.all([call(), call()])).map((outcome) => outcome.body);
      expect(Object(first)[0]).not.toBe(Object(second)[0]);
      expect(Object(second)[1]).toBeGreaterThanOrEqual(Object(first)[2]);
      expect(small.host.processes()).toEqual({ idle: 0, busy: 0 });
      await expect.poll(() => readdirSync(path.join(small.folder, 'work', 'lambda'))).toEqual([]);
    } finally {
      small.close();
    }
  });
});
