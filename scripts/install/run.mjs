import { spawn } from 'node:child_process';
import { InstallProblem } from './problem.mjs';

const HEARTBEAT_MS = 10_000;
const SHOWN_LINES = 20;

/** Children under way, so that an interrupted installation ends them too. */
const running = new Set();

/** Ends every child that is still under way. */
export function stopChildren() {
  for (const child of running) child.kill('SIGTERM');
}

/** Says one line of progress on stderr. */
export function say(line) {
  process.stderr.write(`modelway: ${line}\n`);
}

/**
 * Runs one installation step. Its output is kept, and shown only when it fails.
 * @param {string} what the step in words, such as `npm packages`
 * @throws InstallProblem with the last lines of the output and the likely fix
 */
export async function runStep(what, command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  running.add(child);
  const started = Date.now();
  const heartbeat = setInterval(() => {
    say(`still installing ${what}, ${Math.round((Date.now() - started) / 1000)} s`);
  }, HEARTBEAT_MS);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-100_000);
    });
  try {
    const ended = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(signal ?? code));
    });
    if (ended !== 0) throw new InstallProblem(failure(what, command, ended, output));
    return output;
  } catch (error) {
    if (error instanceof InstallProblem) throw error;
    throw new InstallProblem(`installing ${what} failed: ${command} could not be started (${error.message})`);
  } finally {
    clearInterval(heartbeat);
    running.delete(child);
  }
}

function failure(what, command, ended, output) {
  const tail = output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
  const cause = /ENOSPC|no space left/i.test(output)
    ? 'the disk is full; free some space'
    : /ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN|NewConnectionError|connection/i.test(output)
      ? 'a package registry could not be reached; check the network and proxy settings'
      : 'its last lines are above';
  return `${tail}\nmodelway: installing ${what} failed (${command} ended with ${ended}): ${cause}; then run the same command again, it goes on where this one stopped`;
}
