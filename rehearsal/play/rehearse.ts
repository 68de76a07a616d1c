import type { PlatformConfig } from '../../contracts/model-config.ts';
import type { RehearsalResult } from '../../contracts/rehearsal.ts';
import { ACCOUNT, REGION } from '../rig/aws-clients.ts';
import { deployAssembly } from '../rig/deploy-assembly.ts';
import { watchMemory } from '../rig/memory.ts';
import { type Emulator, startEmulator } from '../rig/start-emulator.ts';
import { KNOWN_DEVIATIONS } from './deviations.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';
import { keepLogs } from './keep-logs.ts';
import { lineageLines } from './lineage-lines.ts';
import { loadScenario } from './load-scenario.ts';
import { putSomebodyOnCall } from './on-call.ts';
import { buildStage, type World } from './stage.ts';
import { StoryError, type StoryFailure } from './story-error.ts';
import { type StoryLog, storyLog } from './story-log.ts';
import { synthesize } from './synthesize.ts';
import { buildTimeline } from './timeline.ts';

/** What to rehearse, and where to put what is left. */
export interface RehearsalOptions {
  /** The repository. */
  readonly root: string;
  readonly platform: PlatformConfig;
  readonly model: string;
  /** A cloud assembly synthesized before; left out, the CDK app is synthesized into `folder`. */
  readonly assembly?: string;
  /** Existing folder for the assembly, prepared data, kept logs. */
  readonly folder: string;
  readonly progress: (line: string) => void;
  /** Ends the rehearsal early; whatever was started is stopped. */
  readonly signal?: AbortSignal;
}

/** What a rehearsal left: the result that is printed, and the documents that the report shows. */
export interface Rehearsed {
  readonly result: RehearsalResult;
  readonly evidence: Evidence | undefined;
}

/**
 * Plays a model's scenario on the synthesized templates, with no AWS account: synthesizes, starts the emulator, deploys, plays,
 * gathers what is left, stops. A failure is a value: `result.outcome` is `failed` and `result.failure` says where and why.
 */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsed> {
  const began = performance.now();
  const memory = watchMemory();
  const log = storyLog(options.progress);
  const played: Partial<Played> = {};
  try {
    await unlessInterrupted(options.signal, () => playStory(options, log, played));
  } catch (error) {
    played.failure = await failureOf(error, options, log, played.emulator);
  } finally {
    // It may still be starting, when the synthesis failed or somebody pressed Ctrl-C meanwhile.
    const emulator = await played.starting?.catch(() => undefined);
    await emulator?.stop();
    memory.stop();
  }
  const result: RehearsalResult = {
    outcome: played.failure === undefined ? 'ok' : 'failed',
    ...(played.failure === undefined ? {} : { failure: played.failure }),
    stages: [...log.stages],
    totalSeconds: Math.round((performance.now() - began) / 10) / 100,
    peakMemoryMB: memory.peakMB(),
    timeline: played.timeline ?? [...log.notes],
    models: [{ name: options.model, versions: countOf(played.evidence, 'run'), live: played.evidence?.live ?? null }],
    lineage: [...lineageLines(played.evidence?.records ?? [])],
    figures: { ...log.figures },
    awsCalls: { ...played.awsCalls },
    deviations: [...KNOWN_DEVIATIONS, ...(played.deviations ?? [])],
  };
  return { result, evidence: played.evidence };
}

interface Played {
  starting: Promise<Emulator>;
  emulator: Emulator;
  failure: StoryFailure;
  timeline: RehearsalResult['timeline'];
  evidence: Evidence;
  awsCalls: Readonly<Record<string, number>>;
  deviations: readonly string[];
}

async function playStory(options: RehearsalOptions, log: StoryLog, played: Partial<Played>): Promise<void> {
  const { platform, model, folder, signal } = options;
  const scenario = await loadScenario(options.root, model);
  const assembly = options.assembly ?? `${folder}/cdk.out`;
  const startsAt = new Date(scenario.startsAt);
  played.starting = startEmulator({ startsAt });
  const [emulator] = await Promise.all([
    played.starting,
    options.assembly === undefined
      ? log.stage('synthesize the templates', () => synthesize(options.root, assembly, signal))
      : undefined,
  ]);
  played.emulator = emulator;
  signal?.throwIfAborted();
  const stacks = await log.stage('deploy the templates', () => deployAssembly(emulator, assembly));
  await emulator.control.initialiseFunctions();
  const outputs = Object.assign({}, ...stacks.map((stack) => stack.outputs));
  const onCall = await putSomebodyOnCall(emulator.aws, platform.name);
  const world = worldOf(emulator, outputs);
  const stage = buildStage(world, platform, model, folder, log, onCall.read);
  const gather = async () => {
    played.awsCalls = await emulator.control.calls();
    played.deviations = await emulator.control.deviations();
    const evidence = await gatherEvidence(world, platform.name, model, { from: startsAt, to: world.now() });
    played.evidence = evidence;
    for (const { title, lines } of evidence.dashboard)
      log.figure(
        `dashboard, values of ${title.split(':')[0]}`,
        Math.max(0, ...lines.map(({ points }) => points.length)),
      );
    const names = { platform: platform.name, model };
    played.timeline = await buildTimeline(world, names, await emulator.control.notifications(), log.notes);
  };
  try {
    await scenario.play(stage);
    log.figure('alerts that reached somebody on call', onCall.received());
    await log.stage('check permissions', async () => noProblems(await emulator.control.problems()));
  } catch (error) {
    // Why the story failed is what counts; what is left to show may be missing for the same reason.
    await gather().catch(() => undefined);
    throw error;
  }
  await gather();
}

/** The story, or the moment of its interruption; what the story still does then fails with the emulator. */
async function unlessInterrupted(signal: AbortSignal | undefined, story: () => Promise<void>): Promise<void> {
  signal?.throwIfAborted();
  const interrupted = new Promise<never>((_, reject) =>
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
  await Promise.race([story(), interrupted]);
}

/** The world a stage plays in: the emulator, with the platform stack's outputs. */
export function worldOf(emulator: Emulator, outputs: Readonly<Record<string, string>>): World {
  const { aws, control, clock } = emulator;
  const { LakeBucket: lakeBucket, AuditBucket: auditBucket } = outputs;
  if (lakeBucket === undefined || auditBucket === undefined)
    throw new StoryError('the platform stack lacks the output LakeBucket or AuditBucket');
  return {
    ...aws,
    lakeBucket,
    auditBucket,
    machineArn: (machine) => `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${machine}`,
    now: () => clock.now(),
    advance: (to) => control.advanceTo(to),
  };
}

/** A missing permission fails the rehearsal, even when the walk survived it. */
async function noProblems(problems: readonly string[]): Promise<void> {
  if (problems.length > 0)
    throw new StoryError(`${problems.length} calls were refused or lost:\n  ${problems.join('\n  ')}`);
}

async function failureOf(
  error: unknown,
  options: RehearsalOptions,
  log: StoryLog,
  emulator: Emulator | undefined,
): Promise<StoryFailure> {
  const station = log.station();
  const kept = emulator === undefined ? options.folder : await keepLogs(emulator.logs, options.folder);
  if (options.signal?.aborted) return { station, message: 'interrupted', log: kept };
  const message =
    error instanceof StoryError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  const problems =
    emulator === undefined || message.includes('calls were refused')
      ? []
      : await emulator.control.problems().catch(() => []);
  return { station, message: [message, ...problems].join('\n  '), log: kept };
}

function countOf(evidence: Evidence | undefined, kind: string): number {
  return evidence?.records.filter((record) => record.kind === kind).length ?? 0;
}
