import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { StoryError } from './story-error.ts';

/**
 * Synthesizes the CDK app into `outdir` the way the CDK command line does: the app of `cdk.json`, its context, no Docker and no
 * AWS credentials. An abort of `signal` ends it.
 */
export async function synthesize(root: string, outdir: string, signal?: AbortSignal): Promise<void> {
  const settings: { app: string; context?: Record<string, unknown> } = JSON.parse(
    await readFile(path.join(root, 'cdk.json'), 'utf8'),
  );
  const env = { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(settings.context ?? {}) };
  const { code, output } = await runShell(settings.app, root, env, signal);
  if (code !== 0) throw new StoryError(`the CDK app did not synthesize (exit ${code}):\n${output.slice(-4000)}`);
}

function runShell(
  command: string,
  cwd: string,
  env: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      shell: true,
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: the shell's children end with it.
      detached: true,
    });
    const end = () => killGroup(child.pid);
    signal?.addEventListener('abort', end, { once: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
      });
    child.on('error', reject);
    child.on('close', (code) => {
      signal?.removeEventListener('abort', end);
      resolve({ code, output });
    });
  });
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself a moment ago.
  }
}
