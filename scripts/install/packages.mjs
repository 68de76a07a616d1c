import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { InstallProblem } from './problem.mjs';
import { runStep } from './run.mjs';

/**
 * Packages of package-lock.json that are not installed in the locked version.
 * npm writes node_modules/.package-lock.json last, so an interrupted installation shows here; the folders are looked at as well.
 */
export function missingPackages(root) {
  const locked = readLock(join(root, 'package-lock.json'));
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'));
  return Object.entries(locked)
    .filter(([path, entry]) => path !== '' && (entry.optional !== true || needed(path)))
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
}

/** Installs exactly what package-lock.json says. */
export async function installPackages(root) {
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  await runStep('npm packages', 'npm', args, { cwd: root, env: { ...process.env, PATH: pathWithoutOwnBin(root) } });
  const missing = missingPackages(root);
  if (missing.length > 0)
    throw new InstallProblem(
      `npm ended well but left out ${missing.slice(0, 5).join(', ')}; this system (${process.platform} ${process.arch}) may have no such build: Linux with glibc (x64, arm64) and macOS are supported`,
    );
}

/** npm leaves out an optional package that it could not get without a word; these we cannot do without. */
function needed(path) {
  const host = `${process.platform}-${process.arch}`;
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
