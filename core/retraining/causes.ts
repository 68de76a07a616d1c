import type { Policy, RetrainingFacts } from './retraining-facts.ts';
import type { WindowFinding } from './window-findings.ts';

/** Whether what happened is a cause to train; nothing is said here about data, time or money. */
export interface Cause {
  readonly accepted: boolean;
  /** What happened and, when it is no cause, why not. */
  readonly reason: string;
}

/** Findings of windows that may start a run, with the setting that lets them. */
const SWITCHES = {
  drift: { setting: 'onDrift', words: 'drift' },
  quality: { setting: 'onQuality', words: 'lost quality' },
  conceptDrift: { setting: 'onConceptDrift', words: 'concept drift' },
  business: { setting: 'onBusinessMetric', words: 'a missed business target' },
} as const;
type Training = keyof typeof SWITCHES;
const TRAINING: readonly Training[] = ['drift', 'quality', 'conceptDrift', 'business'];

/** Judges the cause of a request by the policy. */
export function causeToTrain(policy: Policy, facts: RetrainingFacts): Cause {
  const { request } = facts;
  switch (request.trigger) {
    case 'manual':
    case 'schedule':
      return yes(request.cause);
    case 'drift':
      return ofFindings(policy, facts, ['drift']);
    case 'quality':
      return ofFindings(policy, facts, qualityOrBusiness(facts));
    case 'concept-drift':
      return ofFindings(policy, facts, ['conceptDrift']);
    case 'business-metric':
      return ofFindings(policy, facts, ['business']);
    case 'change':
      return ofChange(policy, facts);
    case 'new-data':
      return ofNewData(policy, facts);
    default:
      return request.trigger satisfies never;
  }
}

/** The quality alarm stands for two findings; the newest window says which. Without one it is taken at its name. */
function qualityOrBusiness({ newestWindow }: RetrainingFacts): readonly Training[] {
  const found = newestWindow?.found ?? [];
  const both = (['quality', 'business'] as const).filter((finding) => found.includes(finding));
  return both.length > 0 ? both : ['quality'];
}

function ofFindings(policy: Policy, facts: RetrainingFacts, findings: readonly Training[]): Cause {
  const { cause } = facts.request;
  const wanted = findings.filter((finding) => policy[SWITCHES[finding].setting]);
  if (wanted.length === 0) {
    const settings = findings.map((finding) => SWITCHES[finding].setting).join(', ');
    return no(`${cause}, but the model does not retrain on that (${settings})`);
  }
  const obsolete = overtaken(facts, wanted);
  return obsolete === undefined ? yes(`${cause}, and there is labelled data since the last run`) : no(obsolete);
}

/** Asked again, an alarm may have been overtaken: by another model, or by a window in which all was well. */
function overtaken(
  { request, askedAt, now, liveSince, newestWindow }: RetrainingFacts,
  findings: readonly WindowFinding[],
): string | undefined {
  if (askedAt.getTime() === now.getTime()) return undefined;
  if (liveSince !== undefined && Date.parse(liveSince) > askedAt.getTime())
    return `${request.cause}, but another model serves since ${liveSince}`;
  if (newestWindow === undefined || Date.parse(newestWindow.end) <= askedAt.getTime()) return undefined;
  return findings.some((finding) => newestWindow.found.includes(finding))
    ? undefined
    : `${request.cause}, but the window that ended ${newestWindow.end} does not show it any more`;
}

function ofChange(policy: Policy, { request, recipe }: RetrainingFacts): Cause {
  if (!policy.onChange) return no(`${request.cause}, but the model does not retrain on that (onChange)`);
  if (recipe.live === undefined)
    return no(`${request.cause}, but it is not known what the live model was made with, so nothing can be compared`);
  return recipe.live === recipe.deployed
    ? no(`${request.cause}, but code and training settings are those that the live model was made with`)
    : yes(`${request.cause}: code or training settings are not those that the live model was made with`);
}

function ofNewData(policy: Policy, { request, everPassed, standing }: RetrainingFacts): Cause {
  if (policy.onNewData === 'always') return yes(`new data: ${request.cause}`);
  if (policy.onNewData === 'first' && !everPassed) return yes(`first model: ${request.cause}`);
  const stands = TRAINING.flatMap((finding) => {
    const since = policy[SWITCHES[finding].setting] ? standing[finding] : undefined;
    return since === undefined ? [] : [`${SWITCHES[finding].words} stands since the window that ended ${since}`];
  });
  if (stands.length > 0) return yes(`${stands.join(', ')}, and new data came: ${request.cause}`);
  return no(
    policy.onNewData === 'first'
      ? `new data alone starts only the first run, and no drift stands: ${request.cause}`
      : `the model does not train on new data, and no drift stands: ${request.cause}`,
  );
}

const yes = (reason: string): Cause => ({ accepted: true, reason });
const no = (reason: string): Cause => ({ accepted: false, reason });
