import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InstallProblem } from './problem.mjs';
import { runStep } from './run.mjs';

const OLDEST_PYTHON = [3, 10];
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const STAMP = '.installed.json';

/** The Python environments, each below .venvs/, and the requirement files that make them. */
export const ENVIRONMENTS = {
  emulator: { folder: 'emulator', requirements: ['rehearsal/emulator/requirements.txt'] },
  'emulator-test': {
    folder: 'emulator',
    requirements: ['rehearsal/emulator/requirements.txt', 'test/rehearsal/emulator/requirements.txt'],
  },
  container: { folder: 'container', requirements: ['container/requirements.txt'] },
  'container-test': {
    folder: 'container',
    requirements: ['container/requirements.txt', 'container/requirements-test.txt'],
  },
  'bench-pandas': { folder: 'bench-pandas', requirements: ['bench/peers/drift-pandas.txt'] },
  'bench-deepchecks': { folder: 'bench-deepchecks', requirements: ['bench/peers/drift-deepchecks.txt'] },
  'bench-evidently': { folder: 'bench-evidently', requirements: ['bench/peers/drift-evidently.txt'] },
  'bench-quality': { folder: 'bench-quality', requirements: ['bench/peers/quality.txt'] },
  'bench-intake': { folder: 'bench-intake', requirements: ['bench/peers/intake.txt'] },
  lint: { folder: 'lint', requirements: ['test/gates/requirements.txt'] },
};

/** Requirement files of an environment that are not installed as they read now, and whether it must be built from nothing. */
export function missingRequirements(root, { folder, requirements }) {
  const home = join(root, '.venvs', folder);
  const stamp = readStamp(home);
  const rebuild =
    stamp === undefined ||
    stamp.root !== root ||
    !existsSync(join(home, 'bin', 'python')) ||
    Object.entries(stamp.requirements).some(([file, hash]) => hashOf(root, file) !== hash);
  const missing = requirements.filter((file) => rebuild || stamp.requirements[file] === undefined);
  return { rebuild, missing };
}

/** Makes an environment hold its requirements; a stamp is written last, so that an interrupted one is built again. */
export async function installEnvironment(root, python, environment) {
  const { folder } = environment;
  const home = join(root, '.venvs', folder);
  const { rebuild, missing } = missingRequirements(root, environment);
  const what = `Python environment ${folder}`;
  if (rebuild) await runStep(what, python, ['-m', 'venv', '--clear', home]);
  const requirements = rebuild ? {} : readStamp(home).requirements;
  for (const file of missing) {
    const hashes = readFileSync(join(root, file), 'utf8').includes('--hash=') ? ['--require-hashes'] : [];
    const options = ['--disable-pip-version-check', '--no-input', '--progress-bar', 'off', ...hashes];
    await runStep(what, join(home, 'bin', 'python'), ['-m', 'pip', 'install', ...options, '-r', join(root, file)]);
    requirements[file] = hashOf(root, file);
  }
  writeFileSync(join(home, STAMP), `${JSON.stringify({ root, requirements }, null, 2)}\n`);
}

/**
 * A Python that can make environments: `MODELWAY_PYTHON`, or the first fit one on the PATH.
 * @throws InstallProblem that says what was found and what to install
 */
export function findPython() {
  const chosen = process.env.MODELWAY_PYTHON;
  const found = (chosen === undefined ? CANDIDATES : [chosen]).map(probe).filter((python) => python !== undefined);
  const fit = found.find((python) => isNewEnough(python.version) && python.venv);
  if (fit !== undefined) return fit.command;
  const wanted = `Python ${OLDEST_PYTHON.join('.')} or newer with venv is needed`;
  const fix = 'install it (Debian and Ubuntu: apt install python3-venv; macOS: brew install python) and run this again';
  const seen = found[0];
  if (seen === undefined)
    throw new InstallProblem(`${wanted}, and none was found${chosen === undefined ? '' : ` at ${chosen}`}; ${fix}`);
  const version = seen.version.join('.');
  throw new InstallProblem(
    isNewEnough(seen.version)
      ? `${wanted}: ${seen.command} is ${version} but its venv module is missing; ${fix}`
      : `${wanted}: ${seen.command} is ${version}; ${fix}`,
  );
}

function probe(command) {
  const script =
    'import json,sys\nfrom importlib.util import find_spec as f\nprint(json.dumps({"version": list(sys.version_info[:3]), "venv": bool(f("venv") and f("ensurepip"))}))';
  try {
    const text = execFileSync(command, ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return { command, ...JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function isNewEnough([major, minor]) {
  return major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
}

function hashOf(root, file) {
  const path = join(root, file);
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'absent';
}

function readStamp(home) {
  try {
    return JSON.parse(readFileSync(join(home, STAMP), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
