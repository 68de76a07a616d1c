import { blackoutEnd } from './blackout.ts';
import type { Policy, RetrainingFacts } from './retraining-facts.ts';

const HOUR = 3_600_000;

/** Something that keeps a wanted run from starting now. */
export interface Hold {
  readonly reason: string;
  /** When it ends by itself; undefined when a person must change something. */
  readonly until: Date | undefined;
}

/** Everything that holds a run back at this moment: cooldown, blackout, budget. */
export function holdsOf(policy: Policy, facts: RetrainingFacts): readonly Hold[] {
  return [cooldown(policy, facts), blackout(policy, facts), budget(policy, facts)].flatMap((hold) => hold ?? []);
}

function cooldown({ cooldownHours }: Policy, { runs, now }: RetrainingFacts): Hold | undefined {
  const last = runs.at(-1);
  if (last === undefined) return undefined;
  const hours = (now.getTime() - Date.parse(last.at)) / HOUR;
  if (hours >= cooldownHours) return undefined;
  return {
    reason: `run ${last.id} was judged ${hours.toFixed(1)} hours ago, and ${cooldownHours} hours must lie between runs`,
    until: new Date(Date.parse(last.at) + cooldownHours * HOUR),
  };
}

function blackout(policy: Policy, { now }: RetrainingFacts): Hold | undefined {
  const end = blackoutEnd(policy.blackout, now);
  if (end === undefined) return undefined;
  return end === 'never'
    ? { reason: 'the blackout hours leave no hour of the week', until: undefined }
    : { reason: `no run starts in blackout hours, which last until ${end.toISOString()}`, until: end };
}

function budget({ budgetPerMonthDollars }: Policy, { now, cost }: RetrainingFacts): Hold | undefined {
  if (budgetPerMonthDollars === undefined) return undefined;
  const { spent, estimate } = cost;
  if (spent === null || estimate === null)
    return {
      reason: `the price of the training or scoring instance is not in the list, so the budget of ${dollars(budgetPerMonthDollars)} a month cannot be kept`,
      until: undefined,
    };
  if (spent + estimate <= budgetPerMonthDollars) return undefined;
  const reason = `a run costs at most ${dollars(estimate)}, and ${dollars(spent)} of this month's ${dollars(budgetPerMonthDollars)} are spent`;
  const nextMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1));
  return estimate > budgetPerMonthDollars
    ? { reason: `${reason}; the budget allows no run at all`, until: undefined }
    : { reason, until: nextMonth };
}

const dollars = (amount: number) => `$${amount.toFixed(2)}`;
