import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EvidenceFile } from '../../contracts/lineage.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { rehearse as play, type Rehearsed } from '../../rehearsal/play/rehearse.ts';
import { describeFailure } from '../../rehearsal/play/story-error.ts';
import { flag, textOption } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { EVIDENCE_FILE } from '../lineage/record-source.ts';
import { loadPlatform, modelNamed } from '../load-platform.ts';
import { writeRehearsalReport } from '../report/rehearsal-report.ts';
import { rehearsalText } from './rehearsal-text.ts';
import { serveFolder } from './serve-folder.ts';

const CHECKOUT = path.resolve(import.meta.dirname, '../..');
const DEFAULT_MODEL = 'flight-delay';

/** `modelway rehearse`: plays a model's whole life on the synthesized templates and leaves a report. */
export async function rehearse(args: Arguments, io: Io): Promise<ExitCode> {
  const platform = await loadPlatform(textOption(args, 'config'), io.cwd);
  const model = modelNamed(platform, textOption(args, 'model') ?? DEFAULT_MODEL).name;
  const assembly = assemblyFolder(textOption(args, 'assembly'), io.cwd);
  const folder = await runFolder(model);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const rehearsed = await play({
    root: CHECKOUT,
    platform,
    model,
    folder,
    ...(assembly === undefined ? {} : { assembly }),
    progress: (line) => io.err(`${line}\n`),
    signal: interruption.signal,
  });
  process.off('SIGINT', interrupt);
  process.off('SIGTERM', interrupt);
  await leaveEvidence(rehearsed, platform.name, folder);
  return await conclude(rehearsed, folder, args, io);
}

/** What `lineage --rehearsal` and `audit verify --rehearsal` read. */
async function leaveEvidence({ result, evidence }: Rehearsed, platform: string, folder: string): Promise<void> {
  if (evidence === undefined) return;
  const model = result.models[0]?.name ?? '';
  const { records, audit, auditHead, answered } = evidence;
  const left: EvidenceFile = {
    platform,
    model,
    records: [...records],
    audit: [...audit],
    auditHead,
    answered: { ...answered },
  };
  await writeFile(path.join(folder, EVIDENCE_FILE), `${JSON.stringify(left)}\n`);
}

async function conclude({ result, evidence }: Rehearsed, folder: string, args: Arguments, io: Io): Promise<ExitCode> {
  await writeFile(path.join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  const report = path.join(folder, 'report');
  if (evidence !== undefined) await writeRehearsalReport(result, evidence, report);
  const page = evidence === undefined ? undefined : path.join(report, 'index.html');
  io.out(flag(args, 'json') ? `${JSON.stringify(result, null, 2)}\n` : rehearsalText(result, page));
  if (result.failure !== undefined) {
    io.err(`${describeFailure(result.failure)}\n`);
    return 1;
  }
  await rm(path.join(folder, 'cdk.out'), { recursive: true, force: true });
  if (process.stdout.isTTY === true && !flag(args, 'exit') && !flag(args, 'json')) await serveFolder(report, io);
  return 0;
}

/** The assembly that was named. @throws ModelwayError when the folder holds none */
function assemblyFolder(named: string | undefined, cwd: string): string | undefined {
  if (named === undefined) return undefined;
  const folder = path.resolve(cwd, named);
  if (existsSync(path.join(folder, 'manifest.json'))) return folder;
  const fix = 'make one with npm run synth and name its folder, cdk.out';
  throw new ModelwayError('no-assembly', 'input', [
    { path: '--assembly', message: 'there is no cloud assembly in this folder', got: named, fix },
  ]);
}

/** A folder of its own for each rehearsal, so that two side by side do not meet. */
async function runFolder(model: string): Promise<string> {
  const at = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const folder = path.join(CHECKOUT, '.rehearsal', `${model}-${at}-${process.pid}`);
  await mkdir(folder, { recursive: true });
  return folder;
}
