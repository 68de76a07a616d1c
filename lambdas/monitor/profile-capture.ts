import { SMOKE_TEST_PREFIX } from '../../contracts/capture.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Answering, Window, WindowCounts } from '../../contracts/window.ts';
import { captureReader } from '../../core/capture/fast/capture-reader.ts';
import type { CapturedBatch } from '../../core/capture/fast/captured-batch.ts';
import { batchParts } from '../../core/monitoring/batch-part.ts';
import { idCollector } from '../../core/monitoring/id-index.ts';
import { answeredBy } from '../../core/monitoring/judged-version.ts';
import { KEPT_BAD_RECORDS } from '../../core/monitoring/merge-counts.ts';
import type { Lake } from '../aws/lake.ts';
import { readAhead } from '../aws/read-ahead.ts';
import { columnsRead, type Version, type VersionCounter, versionCounter } from './count-version.ts';
import { outcomesOf } from './row-outcomes.ts';
import type { FileLabels } from './window-labels.ts';

/** What capture files are counted against. */
export interface CaptureSetup {
  readonly model: ModelConfig;
  readonly window: Window;
  /** Names of values that come by position. */
  readonly columns: readonly string[];
  readonly answering: Answering;
  readonly labels: FileLabels;
  /** A version of the model with what its training left behind. */
  readonly versionOf: (packageArn: string) => Promise<Version>;
}

/** Versions that are read in one pass: all need the same columns of a row. */
type Pass = ReadonlyMap<string, VersionCounter>;

/**
 * Reads capture files as streams and counts the rows of the window, each with its label, for the version that answered. Files are read once
 * where the versions that are expected answered everything; those of others are counted in another pass.
 */
export async function profileCapture(keys: readonly string[], setup: CaptureSetup, lake: Lake): Promise<WindowCounts> {
  const badRecords: WindowCounts['badRecords'] = [];
  const ids = idCollector();
  const outcomes = outcomesOf(setup.labels);
  const later = new Set<string>();
  const counters = new Map<string, VersionCounter>();
  let smokeTests = 0;
  const pass = await openPass(expectedIn(setup.window, setup.answering), counters, setup);
  const totals = await readFiles(keys, setup, pass.features, lake, {
    left: () => (smokeTests += 1),
    bad: ({ reason, line }) => void (badRecords.length < KEPT_BAD_RECORDS && badRecords.push({ reason, line })),
    take: (name, batch) => {
      for (let row = 0; row < batch.rows; row++) {
        const id = batch.places[row] === 0 ? batch.idOf(row) : undefined;
        if (id !== undefined) ids.add(id);
      }
      const counter = pass.versions.get(name);
      if (counter === undefined) later.add(name);
      else counter.add(batch, outcomes.of(batch));
    },
  });
  while (later.size > 0) {
    const names = [...later];
    later.clear();
    const next = await openPass(names, counters, setup);
    for (const name of names) if (!next.versions.has(name)) later.add(name);
    await readFiles(keys, setup, next.features, lake, {
      left: () => {},
      bad: () => {},
      take: (name, batch) => next.versions.get(name)?.add(batch, outcomes.of(batch)),
    });
  }
  const versions = [...counters.values()].map((counter) => counter.counted()).filter(({ rows }) => rows > 0);
  const { requests, rows, partial, bad } = totals;
  const explained = versions.reduce((sum, version) => sum + version.explained, 0);
  return {
    captured: { files: keys.length, requests, rows, explained, smokeTests, bad, partial },
    badRecords,
    versions: versions.sort((a, b) => (a.packageArn < b.packageArn ? -1 : 1)),
    ids: ids.index(),
    labels: { ...setup.labels.agreement, matched: outcomes.matched() },
  };
}

/** The versions that are expected to have answered in a window. */
function expectedIn({ from, to }: Window, { live, since, before }: Answering): readonly string[] {
  const began = Date.parse(since);
  const names = [
    ...(began < Date.parse(to) || before === null ? [live.packageArn] : []),
    ...(began > Date.parse(from) && before !== null ? [before] : []),
  ];
  return [...new Set(names)];
}

/** Opens counters for the versions that need no other columns than the one that needs most; the others have to wait. */
async function openPass(
  names: readonly string[],
  counters: Map<string, VersionCounter>,
  { model, versionOf }: CaptureSetup,
): Promise<{ readonly versions: Pass; readonly features: ReturnType<typeof columnsRead> }> {
  const versions = await Promise.all(names.map(versionOf));
  const features =
    versions.map((version) => columnsRead(model, version)).toSorted((a, b) => b.length - a.length)[0] ?? [];
  const read = new Set(features.map(featureKey));
  const opened = new Map<string, VersionCounter>();
  for (const version of versions)
    if (columnsRead(model, version).every((feature) => read.has(featureKey(feature))))
      opened.set(version.packageArn, versionCounter(model, version));
  for (const [name, counter] of opened) counters.set(name, counter);
  return { versions: opened, features };
}

const featureKey = ({ name, kind }: { readonly name: string; readonly kind: string }) => `${kind} ${name}`;

interface Taker {
  /** A smoke test was left out. */
  readonly left: () => void;
  readonly bad: (record: { readonly reason: string; readonly line: string }) => void;
  /** Rows that one version answered. */
  readonly take: (packageArn: string, batch: CapturedBatch) => void;
}

async function readFiles(
  keys: readonly string[],
  { window, columns, answering }: CaptureSetup,
  features: ReturnType<typeof columnsRead>,
  lake: Lake,
  { left, bad, take }: Taker,
) {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const reader = captureReader(columns, features, {
    counts: ({ inferenceId, at }) => {
      if (at < from || at >= to) return false;
      const isTest = inferenceId?.startsWith(SMOKE_TEST_PREFIX) === true;
      if (isTest) left();
      return !isTest;
    },
    bad,
    take: (batch) => {
      const nameOf = (row: number) => answeredBy(batch.modelPackage, batch.at[row] ?? Number.NaN, answering);
      if (batch.modelPackage !== null) take(batch.modelPackage, batch);
      else for (const [name, part] of batchParts(batch, nameOf)) take(name, part);
    },
  });
  for await (const { content } of readAhead(keys, lake)) {
    for await (const chunk of content) reader.add(chunk);
    // A file's last line needs no newline.
    reader.add(NEWLINE);
  }
  return reader.end();
}

const NEWLINE = Buffer.from('\n');
