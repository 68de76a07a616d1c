import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './run.mjs';

const POLL_MS = 300;

/**
 * Takes the checkout's installation lock, waiting for another installation that is under way; answers how to release it.
 * A lock whose process died is taken over.
 */
export async function takeLock(root) {
  const parent = join(root, '.venvs');
  const lock = join(parent, '.lock');
  mkdirSync(parent, { recursive: true });
  for (let said = false; ; ) {
    if (tryTake(parent, lock)) return () => release(lock);
    const owner = ownerOf(lock);
    if (owner !== undefined && !isAlive(owner)) removeDead(lock, owner);
    else if (!said) {
      say(`another installation is under way in this folder (process ${owner ?? 'unknown'}); waiting for it`);
      said = true;
    } else await sleep(POLL_MS);
  }
}

/** A folder that already holds its owner's id is renamed into place: that fails when a lock is there. */
function tryTake(parent, lock) {
  const mine = mkdtempSync(join(parent, '.lock-'));
  writeFileSync(join(mine, 'pid'), String(process.pid));
  try {
    renameSync(mine, lock);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true });
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
    throw error;
  }
}

function release(lock) {
  if (ownerOf(lock) === process.pid) rmSync(lock, { recursive: true });
}

/** Two that find the same dead lock may both move it away: the one that moved a live lock puts it back. */
function removeDead(lock, owner) {
  const aside = `${lock}-dead-${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (ownerOf(aside) === owner) rmSync(aside, { recursive: true });
  else renameSync(aside, lock);
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
