import type { RetrainingInput } from '../../contracts/machines.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { DatasetDetail } from '../../contracts/records.ts';

/** A training run that came as far as the gates. */
export interface PastRun {
  readonly id: string;
  /** When it was judged, ISO. */
  readonly at: string;
  readonly datasetVersions: readonly string[];
  /** Did it make a model package? */
  readonly passed: boolean;
}

/** All that is known when somebody asks for a training run. */
export interface RetrainingFacts {
  readonly request: RetrainingInput;
  readonly now: Date;
  /** Dataset versions of the model's present schema, oldest first. */
  readonly datasets: readonly DatasetDetail[];
  /** Runs, oldest first. */
  readonly runs: readonly PastRun[];
  /** A run that has begun and was not judged yet. */
  readonly inFlight: string | undefined;
  /** End of the newest window since the live model was made whose verdict was drift. */
  readonly driftStands: string | undefined;
}

export interface RetrainingDecision {
  readonly decision: 'retrain' | 'wait';
  /** Why, in words for people. */
  readonly reason: string;
  /** Dataset versions to train on, oldest first; empty when waiting. */
  readonly datasetVersions: readonly string[];
}

type Policy = ModelConfig['retraining'];

/** Decides whether to train now. Every answer has its reason, also "wait". */
export function decideRetraining(policy: Policy, facts: RetrainingFacts): RetrainingDecision {
  const { request, inFlight, datasets } = facts;
  if (inFlight !== undefined) return wait(`run ${inFlight} is in flight, and runs of a model do not overlap`);
  if (request.trigger === 'manual') return byHand(policy, facts);
  if (datasets.length === 0) return wait('there is no dataset version of the present schema to train on');
  const fresh = freshVersions(facts);
  if (fresh.length === 0) return wait(`${request.cause}, but there is no labelled data that no run has seen yet`);
  const cause = causeToTrain(policy, facts);
  if (cause.decision === 'wait') return cause;
  const cooling = stillCooling(policy, facts);
  return cooling === undefined ? retrain(cause.reason, chosen(policy, facts)) : wait(cooling);
}

function byHand(policy: Policy, facts: RetrainingFacts): RetrainingDecision {
  const { request, datasets } = facts;
  const wanted = request.datasetVersions ?? chosen(policy, facts);
  if (wanted.length === 0) return wait('asked for by hand, but there is no dataset version to train on');
  const known = new Set(datasets.map(({ version }) => version));
  const unknown = wanted.filter((version) => !known.has(version));
  if (unknown.length > 0)
    return wait(
      `asked for by hand with dataset versions that are not known or of another schema: ${unknown.join(', ')}`,
    );
  return retrain(`asked for by hand: ${request.cause}`, wanted);
}

/** The setting that lets a cause start a run. */
const SWITCHES = {
  quality: 'onQuality',
  'concept-drift': 'onConceptDrift',
  'business-metric': 'onBusinessMetric',
  change: 'onChange',
} as const;

/** The cause, if the policy accepts it; nothing is said here about data or cooldown. */
function causeToTrain(policy: Policy, { request, runs, driftStands }: RetrainingFacts): RetrainingDecision {
  switch (request.trigger) {
    case 'manual':
    case 'schedule':
      return retrain(request.cause, []);
    case 'drift':
      return policy.onDrift
        ? retrain(`${request.cause}, and there is labelled data since the last run`, [])
        : wait(`${request.cause}, but the model does not retrain on drift`);
    case 'quality':
    case 'concept-drift':
    case 'business-metric':
    case 'change':
      return policy[SWITCHES[request.trigger]]
        ? retrain(request.cause, [])
        : wait(`${request.cause}, but the model does not retrain on that (${SWITCHES[request.trigger]})`);
    case 'new-data':
      if (policy.onNewData === 'always') return retrain(`new data: ${request.cause}`, []);
      if (policy.onNewData === 'first' && !runs.some(({ passed }) => passed))
        return retrain(`first model: ${request.cause}`, []);
      if (policy.onDrift && driftStands !== undefined)
        return retrain(
          `drift stands since the window that ended ${driftStands}, and new data came: ${request.cause}`,
          [],
        );
      return wait(
        policy.onNewData === 'first'
          ? `new data alone starts only the first run, and no drift stands: ${request.cause}`
          : `the model does not train on new data, and no drift stands: ${request.cause}`,
      );
    default:
      return request.trigger satisfies never;
  }
}

function stillCooling({ cooldownHours }: Policy, { runs, now }: RetrainingFacts): string | undefined {
  const last = runs.at(-1);
  if (last === undefined) return undefined;
  const hours = (now.getTime() - Date.parse(last.at)) / 3_600_000;
  if (hours >= cooldownHours) return undefined;
  return `run ${last.id} was judged ${hours.toFixed(1)} hours ago, and ${cooldownHours} hours must lie between runs`;
}

/** Versions that no judged run was trained on. */
function freshVersions({ datasets, runs }: RetrainingFacts): readonly DatasetDetail[] {
  const seen = new Set(runs.flatMap(({ datasetVersions }) => datasetVersions));
  return datasets.filter(({ version }) => !seen.has(version));
}

function chosen({ newestVersions }: Policy, { datasets }: RetrainingFacts): readonly string[] {
  const versions = datasets.map(({ version }) => version);
  return newestVersions === undefined ? versions : versions.slice(-newestVersions);
}

const wait = (reason: string): RetrainingDecision => ({ decision: 'wait', reason, datasetVersions: [] });

const retrain = (reason: string, datasetVersions: readonly string[]): RetrainingDecision => ({
  decision: 'retrain',
  reason,
  datasetVersions,
});
