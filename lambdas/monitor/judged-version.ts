import type { ModelConfig } from '../../contracts/model-config.ts';
import type { Answering, VersionCounts, Window, WindowCounts } from '../../contracts/window.ts';
import { judgedVersion } from '../../core/monitoring/judged-version.ts';
import { versionCounter } from './count-version.ts';
import type { JudgedVersion } from './judge-drift.ts';
import type { MonitorTools } from './monitor-tools.ts';
import type { LineageReader } from './read-once.ts';
import { referenceOf, runOf } from './references.ts';
import type { StoredReport } from './stored-report.ts';

/** The version that a window is judged as, and the others that answered in it. */
export interface Versions {
  readonly judged: JudgedVersion & Pick<VersionCounts, 'rows' | 'explained' | 'lastAt'>;
  readonly beside: readonly VersionCounts[];
}

/** Picks the version whose verdicts the window's are. Where nobody answered it is the one that would have, with no rows. */
export async function versionsOf(
  model: ModelConfig,
  window: Window,
  counts: WindowCounts,
  known: { readonly answering: Answering; readonly stored: StoredReport | undefined },
  { lake, lineage }: Pick<MonitorTools, 'lake' | 'lineage'>,
): Promise<Versions> {
  const comparable = counts.versions.flatMap(({ packageArn, runId, profile, lastAt }) =>
    runId === null || profile === null ? [] : [{ packageArn, runId, rows: profile.rows, lastAt }],
  );
  const kept = [known.stored?.live.packageArn, (await lineage.live(model.name))?.packageArn];
  const chosen = judgedVersion(comparable, model.monitoring.minimumRows, kept);
  const { packageArn, runId } =
    chosen ?? known.stored?.live ?? (await idleVersion(model.name, window, known.answering, lineage));
  const reference = await referenceOf(model, runId, lake);
  const answered = counts.versions.find((one) => one.packageArn === packageArn);
  const own = answered ?? versionCounter(model, { packageArn, runId, reference }).counted();
  if (own.profile === null) throw new Error(`${packageArn} was counted without its baseline`);
  return {
    judged: { ...own, runId, reference, profile: own.profile },
    beside: counts.versions.filter((one) => one.packageArn !== packageArn),
  };
}

/** The model of a window without traffic: the one before, when the one that serves came later. */
async function idleVersion(model: string, { to }: Window, answering: Answering, lineage: LineageReader) {
  const { live, since, before } = answering;
  const runId = before !== null && since >= to ? await runOf(model, before, answering, lineage) : null;
  return before === null || runId === null ? live : { packageArn: before, runId };
}
