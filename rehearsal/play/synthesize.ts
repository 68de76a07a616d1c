import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { StoryError } from './story-error.ts';

/**
 * Synthesizes the CDK app into `outdir` the way the CDK command line does: the app of `cdk.json`, its context, no Docker and no
 * AWS credentials.
 */
export async function synthesize(root: string, outdir: string): Promise<void> {
  const settings: { app: string; context?: Record<string, unknown> } = JSON.parse(
    await readFile(path.join(root, 'cdk.json'), 'utf8'),
  );
  const { code, output } = await runShell(settings.app, root, {
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify(settings.context ?? {}),
  });
  if (code !== 0) throw new StoryError(`the CDK app did not synthesize (exit ${code}):\n${output.slice(-4000)}`);
}

function runShell(
  command: string,
  cwd: string,
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      shell: true,
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
      });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
