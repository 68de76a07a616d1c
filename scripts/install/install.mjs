import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserMissing, installBrowser } from './browser.mjs';
import { takeLock } from './lock.mjs';
import { installPackages, missingPackages } from './packages.mjs';
import { InstallProblem } from './problem.mjs';
import { ENVIRONMENTS, findPython, installEnvironment, missingRequirements } from './python.mjs';
import { say, stopChildren } from './run.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What is installed beside the Python environments. */
const PARTS = {
  packages: {
    name: 'npm packages',
    isMissing: () => missingPackages(ROOT).length > 0,
    install: () => installPackages(ROOT),
  },
  browser: { name: 'browser for tests', isMissing: () => browserMissing(ROOT), install: () => installBrowser(ROOT) },
};

/** Installs what is missing of `needs` and answers the exit code: 0, or 2 after one sentence on stderr. */
export async function main(needs) {
  try {
    const unknown = needs.filter((need) => PARTS[need] === undefined && ENVIRONMENTS[need] === undefined);
    if (unknown.length > 0)
      throw new InstallProblem(
        `unknown part ${unknown.join(', ')}; known are ${[...Object.keys(PARTS), ...Object.keys(ENVIRONMENTS)].join(', ')}`,
      );
    if (missingOf(needs).length > 0) await installMissing(needs);
    return 0;
  } catch (error) {
    if (!(error instanceof InstallProblem)) throw error;
    say(error.message);
    return 2;
  }
}

async function installMissing(needs) {
  const release = await takeLock(ROOT);
  process.once('exit', release);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])
    process.once(signal, () => {
      stopChildren();
      process.exit(code);
    });
  // Looked at again under the lock: another installation may just have ended.
  const missing = missingOf(needs);
  if (missing.length === 0) return;
  const python = missing.some((need) => ENVIRONMENTS[need] !== undefined) ? findPython() : undefined;
  say(`installing what is missing: ${missing.map(nameOf).join(', ')}`);
  const outcomes = await Promise.allSettled(missing.map((need) => installOne(need, python)));
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason);
  const bug = failed.find((reason) => !(reason instanceof InstallProblem));
  if (bug !== undefined) throw bug;
  if (failed.length > 0) throw new InstallProblem(failed.map((reason) => reason.message).join('\nmodelway: '));
}

async function installOne(need, python) {
  const started = Date.now();
  if (PARTS[need] !== undefined) await PARTS[need].install();
  else await installEnvironment(ROOT, python, ENVIRONMENTS[need]);
  say(`${nameOf(need)} ready after ${Math.round((Date.now() - started) / 1000)} s`);
}

/** The needs that are not met. An environment that also has its test extras (`<name>-test`) stands for itself. */
function missingOf(needs) {
  const wanted = needs.filter((need) => !needs.includes(`${need}-test`));
  return [...new Set(wanted)].filter(
    (need) => PARTS[need]?.isMissing() ?? missingRequirements(ROOT, ENVIRONMENTS[need]).missing.length > 0,
  );
}

function nameOf(need) {
  return PARTS[need]?.name ?? `Python environment ${ENVIRONMENTS[need].folder}`;
}
