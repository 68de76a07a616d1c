import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SMOKE_TEST_PREFIX } from '../../contracts/capture.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import type { Profile } from '../../contracts/profile.ts';
import { captureProfiler } from '../../core/capture/fast/capture-profiler.ts';
import type { WatchedModel } from './watched-model.ts';

/** Enough of a file to see what its first line is. */
const HEAD_BYTES = 4096;
const CAPTURE_LINE = /^\s*\{[^\n]*"captureData"\s*:/;

/** Whether every file holds lines of SageMaker Data Capture. */
export async function areCaptureFiles(files: readonly string[], cwd: string): Promise<boolean> {
  for (const file of files) if (!CAPTURE_LINE.test(await headOf(resolve(cwd, file)))) return false;
  return files.length > 0;
}

/**
 * Profile of the requests in capture files over the bins of a baseline; smoke tests are no traffic. CSV bodies and arrays are read in the
 * order of the model's columns without its target.
 * @throws ModelwayError `unreadable-file` when lines are bad, with the first reason: half a window would be compared as if it were whole
 */
export async function profileCaptureFiles(
  files: readonly string[],
  cwd: string,
  { baseline, model }: { readonly baseline: Profile; readonly model: WatchedModel },
): Promise<Profile> {
  const { columns, target } = model.data;
  const names = columns.map(({ name }) => name).filter((name) => name !== target);
  const profiler = captureProfiler(baseline, model, names, {
    counts: ({ inferenceId }) => inferenceId?.startsWith(SMOKE_TEST_PREFIX) !== true,
  });
  for (const file of files) {
    for await (const chunk of createReadStream(resolve(cwd, file))) profiler.add(chunk);
    profiler.add(NEWLINE);
  }
  const { profile, bad, requests, badRecords } = profiler.end();
  if (bad === 0) return profile;
  throw new ModelwayError('unreadable-file', 'input', [
    {
      path: files.join(', '),
      message: `${bad} of ${bad + requests} captured records could not be read, the first because ${badRecords[0]?.reason}`,
      got: badRecords[0]?.line.slice(0, 200) ?? '',
      fix: 'name the model whose columns the bodies hold with --model, or take these lines out',
    },
  ]);
}

const NEWLINE = Buffer.from('\n');

async function headOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
