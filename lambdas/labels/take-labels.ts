import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { labelReportKey, windowKeys } from '../../contracts/keys.ts';
import type { Label } from '../../contracts/labels.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { TakenLabels, WindowTask } from '../../contracts/monitoring-steps.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { windowEnding } from '../../core/drift/window.ts';
import { isMature } from '../../core/labels/label-arrival.ts';
import { type LabelReading, readLabels } from '../../core/labels/read-labels.ts';
import { canonicalJson, sha256 } from '../../core/lineage/canonical-json.ts';
import { labelsNotice } from '../../core/monitoring/labels-notice.ts';
import { labelSorter, type SortedLabels, storedLabels } from '../../core/monitoring/sort-labels.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import { countUnmatched, type IdCheck } from './count-unmatched.ts';
import { findWindows } from './find-windows.ts';
import { windowsOnRecord } from './judged-windows.ts';
import { type LabelSource, labelSource } from './label-source.ts';

/** What the handler works with. */
export interface LabelTools {
  readonly lakeBucket: string;
  readonly lake: Lake;
  readonly lineage: Pick<LineageTable, 'between'>;
  readonly now: () => Date;
}

/** Labels in one delivery: what fits in memory while they are sorted. */
export const MOST_LABELS = 1_000_000;

interface Reading extends LabelReading {
  readonly sorted: SortedLabels;
}

/**
 * Takes one delivery of labels in: each label goes beside the window of its prediction, by `predictedAt`, else by the ids that were
 * answered there. The same delivery again writes the same objects. A file that holds no labels is refused, and nothing of it is kept.
 */
export async function takeLabels(
  { model, execution, labels, startedAt }: FunctionInput<'labels'>,
  tools: LabelTools,
): Promise<FunctionOutput<'labels'>> {
  const from = labelSource(model.name, labels, startedAt, tools.lake);
  const reading = await readSorted(model, from);
  if (typeof reading === 'string') return refused(model.name, execution, from, reading, tools);
  const found = await findWindows(model, reading.sorted.undated, from.arrivedAt, tools);
  const check = await countUnmatched(model.name, reading.sorted.byWindow, tools);
  const byWindow = joined(
    reading.sorted.byWindow,
    found.byWindow,
    found.open.map((to) => [to, found.notFound]),
  );
  for (const [to, kept] of byWindow) await keep(model.name, to, kept, from.arrivedAt, tools.lake);
  const taken = await reported(
    model.name,
    execution,
    from,
    { reading, check, notFound: found.notFound.length, windows: byWindow.size },
    tools,
  );
  return {
    taken,
    announce: labelsNotice(model.name, from.shown, taken, uriOf(taken.reportKey, tools)),
    todo: [...(await matureWindows(model, [...byWindow.keys()], tools))],
  };
}

/** The labels of a delivery by window, or why it is none. */
async function readSorted(model: ModelConfig, { chunks, arrivedAt }: LabelSource): Promise<Reading | string> {
  const sorter = labelSorter(model, arrivedAt);
  const unsorted: LabelReading['badLines'][number][] = [];
  let count = 0;
  try {
    const reading = await readLabels(chunks, (label, line) => {
      count += 1;
      if (count > MOST_LABELS)
        throw new ModelwayError('too-many-labels', 'input', [
          { path: '', message: `holds more than ${MOST_LABELS} labels`, fix: 'split the file' },
        ]);
      const reason = sorter.add(label);
      if (reason !== undefined) unsorted.push({ line, reason, text: JSON.stringify(label) });
    });
    const good = reading.labels - unsorted.length;
    if (good === 0) return reading.badLines[0]?.reason ?? unsorted[0]?.reason ?? 'it holds no labels';
    const badLines = [...reading.badLines, ...unsorted].slice(0, 20);
    return { ...reading, labels: good, bad: reading.bad + unsorted.length, badLines, sorted: sorter.sorted() };
  } catch (error) {
    if (error instanceof ModelwayError && error.fault === 'input') return error.message;
    throw error;
  }
}

function joined(
  ...parts: readonly Iterable<readonly [string, readonly Label[]]>[]
): ReadonlyMap<string, readonly Label[]> {
  const all = new Map<string, readonly Label[]>();
  for (const part of parts)
    for (const [to, labels] of part) if (labels.length > 0) all.set(to, [...(all.get(to) ?? []), ...labels]);
  return all;
}

/** Named by the labels alone: delivered again, they keep the object and the arrival of the first time. */
async function keep(model: string, to: string, labels: readonly Label[], arrivedAt: Date, lake: Lake): Promise<void> {
  const folder = windowKeys(model, to).labels;
  const key = `${folder}${sha256(canonicalJson(labels)).slice(0, 32)}.jsonl`;
  const known = await lake.list(key);
  if (known.length === 0) await lake.putText(key, storedLabels(labels, arrivedAt), 'application/jsonlines');
}

async function reported(
  model: string,
  execution: string,
  { source, shown }: LabelSource,
  given: { readonly reading: Reading; readonly check: IdCheck; readonly notFound: number; readonly windows: number },
  { lake }: LabelTools,
): Promise<TakenLabels> {
  const { reading, check, notFound, windows } = given;
  const { checked, unmatched } = check;
  const { labels, bad, badLines, format } = reading;
  const wrong = bad + notFound + unmatched > 0;
  const reportKey = wrong ? labelReportKey(model, execution) : null;
  const aside = bad === 0 ? '' : `; ${bad} set aside, the first (line ${badLines[0]?.line}): ${badLines[0]?.reason}`;
  const waiting = notFound === 0 ? '' : `; ${notFound} of no prediction in the windows judged so far`;
  const strangers = unmatched === 0 ? '' : `; ${unmatched} of ${checked} name no prediction of their window`;
  const mostly = unmatched > checked / 2;
  const taken: TakenLabels = {
    verdict: mostly ? 'mostly-unmatched' : bad > 0 ? 'partly-taken' : 'taken',
    source,
    labels,
    bad,
    notFound,
    unmatched,
    windows,
    reportKey,
    summary: `${labels} labels from ${shown}, beside ${windows} windows${aside}${waiting}${strangers}`,
  };
  if (reportKey !== null)
    await lake.putText(reportKey, JSON.stringify({ ...taken, format, badLines }), 'application/json');
  return taken;
}

async function refused(
  model: string,
  execution: string,
  { source, shown }: LabelSource,
  reason: string,
  tools: LabelTools,
): Promise<FunctionOutput<'labels'>> {
  const reportKey = labelReportKey(model, execution);
  const taken: TakenLabels = {
    verdict: 'refused',
    source,
    labels: 0,
    bad: 0,
    notFound: 0,
    unmatched: 0,
    windows: 0,
    reportKey,
    summary: `no labels were taken from ${shown}: ${reason}`,
  };
  await tools.lake.putText(reportKey, JSON.stringify(taken), 'application/json');
  return { taken, announce: labelsNotice(model, shown, taken, uriOf(reportKey, tools)), todo: [] };
}

const uriOf = (key: string | null, { lakeBucket }: LabelTools) => (key === null ? '' : `s3://${lakeBucket}/${key}`);

/** Windows that were judged before and whose labels are mature: what they say changes with these labels. */
async function matureWindows(
  { name, monitoring }: ModelConfig,
  ends: readonly string[],
  { lineage, now }: LabelTools,
): Promise<readonly WindowTask[]> {
  const mature = ends.filter((to) => isMature(Date.parse(to), monitoring.quality.labelHorizonDays, now().getTime()));
  const { judged } = await windowsOnRecord(name, mature, lineage);
  return mature
    .filter((to) => judged.has(to))
    .toSorted()
    .map((to) => ({ ...windowEnding(to, monitoring), because: 'labels' as const }));
}
