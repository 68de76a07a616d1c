import { RETRAINING_WAIT_DAYS } from '../../contracts/retraining-config.ts';
import { causeToTrain } from './causes.ts';
import { holdsOf } from './holds.ts';
import type { Policy, RetrainingDecision, RetrainingFacts } from './retraining-facts.ts';

const HOUR = 3_600_000;

/** Decides whether to train now. Every answer has its reason, also "wait"; what ends by itself is asked again then. */
export function decideRetraining(policy: Policy, facts: RetrainingFacts): RetrainingDecision {
  const decision = judged(policy, facts);
  return { ...decision, ...askedAgain(decision, facts), review: reviewOf(facts) };
}

/** A decision before it is known who asks again. */
interface Judged {
  readonly decision: 'retrain' | 'wait';
  readonly reason: string;
  readonly datasetVersions: readonly string[];
  readonly until?: Date | undefined;
}

function judged(policy: Policy, facts: RetrainingFacts): Judged {
  const { request, inFlight, datasets, now } = facts;
  if (inFlight !== undefined)
    return wait(
      `run ${inFlight} is in flight, and runs of a model do not overlap`,
      request.trigger === 'manual' ? undefined : new Date(now.getTime() + Math.max(1, policy.cooldownHours) * HOUR),
    );
  if (request.trigger === 'manual') return byHand(policy, facts);
  if (datasets.length === 0) return wait('there is no dataset version of the present schema to train on');
  // Other code makes another model of the same rows; everything else needs rows that no run has seen.
  if (request.trigger !== 'change' && !hasFreshData(policy, facts))
    return wait(`${request.cause}, but there is no labelled data that no run has seen yet`);
  const cause = causeToTrain(policy, facts);
  if (!cause.accepted) return wait(cause.reason);
  const holds = holdsOf(policy, facts);
  if (holds.length === 0) return retrain(cause.reason, chosen(policy, facts));
  const ends = holds.map(({ until }) => until?.getTime() ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...ends);
  return wait(
    `${cause.reason}, but ${holds.map(({ reason }) => reason).join('; and ')}`,
    Number.isFinite(last) ? new Date(last) : undefined,
  );
}

/** One execution for each trigger asks again, and not for ever. */
function askedAgain(
  { reason, until }: Judged,
  { waiting, askedAt, request }: RetrainingFacts,
): Pick<RetrainingDecision, 'reason' | 'askAgainAt'> {
  if (until === undefined) return { reason, askAgainAt: null };
  if (waiting !== undefined)
    return {
      reason: `${reason}; execution ${waiting}, which waits for ${request.trigger} too, asks again`,
      askAgainAt: null,
    };
  if (until.getTime() - askedAt.getTime() > RETRAINING_WAIT_DAYS * 24 * HOUR)
    return {
      reason: `${reason}; it has been asked for ${RETRAINING_WAIT_DAYS} days and is not asked again`,
      askAgainAt: null,
    };
  return { reason: `${reason}; asked again ${until.toISOString()}`, askAgainAt: until.toISOString() };
}

/** Concept drift is more than old data: columns or architecture may miss what changed, and only a person can tell. */
function reviewOf({ request, newestWindow }: RetrainingFacts): string | null {
  if (request.trigger !== 'concept-drift') return null;
  const evidence = newestWindow === undefined ? request.cause : newestWindow.evidence;
  return `a person should review features and architecture: training again on the same columns may not help (${evidence})`;
}

function byHand(policy: Policy, facts: RetrainingFacts): Judged {
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

/** Is there a version that would be trained on and that none of the last runs was trained on? */
function hasFreshData(policy: Policy, facts: RetrainingFacts): boolean {
  const seen = new Set(facts.runs.flatMap(({ datasetVersions }) => datasetVersions));
  return chosen(policy, facts).some((version) => !seen.has(version));
}

function chosen({ newestVersions }: Policy, { datasets }: RetrainingFacts): readonly string[] {
  const versions = datasets.map(({ version }) => version);
  return newestVersions === undefined ? versions : versions.slice(-newestVersions);
}

const wait = (reason: string, until?: Date): Judged => ({ decision: 'wait', reason, datasetVersions: [], until });
const retrain = (reason: string, datasetVersions: readonly string[]): Judged => ({
  decision: 'retrain',
  reason,
  datasetVersions,
});
