import { PREDICTION, type Profile } from '../../../contracts/profile.ts';
import type { Instance } from '../../../contracts/serving.ts';
import type { Answering, VersionCounts, Window } from '../../../contracts/window.ts';
import { type CapturedRow, decodeRecord } from '../../../core/capture/decode-record.ts';
import { type LabelIndex, labelIndex, type Outcome } from '../../../core/labels/label-index.ts';
import { carriedModel } from '../../../core/monitoring/carried-model.ts';
import { answeredBy } from '../../../core/monitoring/judged-version.ts';
import { profileNumbers } from '../../../core/profile/numeric.ts';
import { profileRows } from '../../../core/profile/profile-rows.ts';
import { watchedFeatures } from '../../../core/profile/watched.ts';
import { type AnsweredRow, qualityCounter } from '../../../core/quality/quality-counter.ts';
import { storeQualityWindow } from '../../../core/quality/stored-window.ts';
import type { Reference } from '../../../lambdas/monitor/references.ts';
import { flightsModel } from '../flights-model.ts';

type Row = CapturedRow & { readonly at: number; readonly outcome: Outcome | undefined };

/** What each version answered, row by row: one object a row through the general decoder, as the definition has it. */
export function countedByRows(
  lines: readonly string[],
  given: {
    readonly window: Window;
    readonly answering: Answering;
    readonly labels: LabelIndex;
    readonly referenceOf: (packageArn: string) => Reference | null;
  },
): { readonly versions: readonly Omit<VersionCounts, 'runId'>[]; readonly matched: number } {
  const columns = flightsModel()
    .data.columns.map(({ name }) => name)
    .filter((name) => name !== 'late');
  const byVersion = new Map<string, Row[]>();
  let matched = 0;
  for (const line of lines) {
    const request = decodeRecord(line, columns);
    if (request.kind === 'bad' || request.inferenceId?.startsWith('smoke-') === true) continue;
    const at = Date.parse(request.at);
    if (at < Date.parse(given.window.from) || at >= Date.parse(given.window.to)) continue;
    for (const [place, row] of request.rows.entries()) {
      const name = answeredBy(row.prediction?.modelPackage ?? null, at, given.answering);
      const outcome = request.inferenceId === undefined ? undefined : given.labels.take(request.inferenceId, place);
      matched += outcome === undefined ? 0 : 1;
      byVersion.set(name, [...(byVersion.get(name) ?? []), { ...row, at, outcome }]);
    }
  }
  const versions = [...byVersion].sort(([a], [b]) => (a < b ? -1 : 1));
  return { matched, versions: versions.map(([name, rows]) => counted(name, rows, given.referenceOf(name))) };
}

function counted(packageArn: string, rows: readonly Row[], reference: Reference | null): Omit<VersionCounts, 'runId'> {
  return {
    packageArn,
    rows: rows.length,
    explained: rows.filter(({ prediction }) => prediction?.shap).length,
    lastAt: new Date(Math.max(...rows.map(({ at }) => at))).toISOString(),
    profile: reference === null ? null : profiled(reference.baseline.profile, rows),
    quality: reference?.setup == null ? null : qualityOf(reference.setup, rows),
  };
}

function profiled(baseline: Profile, rows: readonly Row[]): Profile {
  const instances = rows.flatMap(({ instance }): Instance[] => (instance === null ? [] : [instance]));
  const inputs = profileRows(baseline, carriedModel(flightsModel()), instances);
  const scores = rows.flatMap(({ prediction }) => (prediction === null ? [] : [prediction.score]));
  const bins = baseline.features[PREDICTION];
  if (bins?.kind !== 'numeric') return inputs;
  return {
    ...inputs,
    features: { ...inputs.features, [PREDICTION]: profileNumbers(bins.edges, Float64Array.from(scores)) },
  };
}

type Known = Pick<AnsweredRow, 'label' | 'labelledAt'>;

function qualityOf(setup: NonNullable<Reference['setup']>, rows: readonly Row[]) {
  const counter = qualityCounter(setup, watchedFeatures(carriedModel(flightsModel())), []);
  for (const { instance, prediction, label, at, outcome } of rows) {
    if (instance === null || prediction === null) continue;
    const captured: Known = label === 0 || label === 1 ? { label } : {};
    const known: Known =
      outcome === undefined
        ? captured
        : { label: outcome.label === 1 ? (1 as const) : (0 as const), labelledAt: outcome.at };
    counter.add({ instance, score: prediction.score, at, shap: prediction.shap, ...known });
  }
  const days = new Map([...counter.window.days].sort(([a], [b]) => (a ?? -1) - (b ?? -1)));
  return storeQualityWindow({ ...counter.window, days });
}

/** Labels by prediction. */
export function indexed(labels: readonly { inferenceId: string; row: number; label: 0 | 1; at: string }[]): LabelIndex {
  const index = labelIndex();
  for (const label of labels) index.add(label, Number.NaN);
  return index;
}
