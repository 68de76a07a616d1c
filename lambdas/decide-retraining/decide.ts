import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { decideRetraining } from '../../core/retraining/decide-retraining.ts';
import type { RetrainingDecision, RetrainingFacts } from '../../core/retraining/retraining-facts.ts';
import { trainingRecipe } from '../../core/retraining/training-recipe.ts';
import { type DecideTools, type Gathered, gatherFacts } from './gather-facts.ts';

type Request = FunctionInput<'decide-retraining'>;

/** Whoever is too late sees who was faster, and then has nothing left to claim: a third try is rare. */
const MOST_TRIES = 20;

/**
 * Decides whether to train a model now. Of all who ask at the same instant one is let in, and one of those who must wait asks again for
 * its trigger; the others are told who. Asked again by the same execution, it stays with what that was let in for.
 */
export async function decide(input: Request, tools: DecideTools): Promise<FunctionOutput<'decide-retraining'>> {
  const { model, request } = input;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const gathered = await gatherFacts(input, tools);
    const decision = decideRetraining(model.retraining, gathered.facts);
    if (!(await claimed(input, gathered, decision, tools))) continue;
    const codeUri = decision.decision === 'retrain' && request.trigger === 'manual' ? (request.codeUri ?? null) : null;
    return {
      decision: decision.decision,
      reason: decision.reason,
      trigger: request.trigger,
      datasetVersions: [...decision.datasetVersions],
      ...lookedAt(gathered.facts),
      codeUri,
      askAgainAt: decision.askAgainAt,
      review: decision.review,
      recipe: trainingRecipe(model, codeUri ?? input.deployedCode),
      estimatedDollars: gathered.facts.cost.estimate,
    };
  }
  throw new ModelwayError('retraining-contention', 'aws', [
    { path: model.name, message: `could not be decided in ${MOST_TRIES} tries: too many ask at once` },
  ]);
}

/** Windows with findings that stood, and the newest: what the decision was made from, beside data. */
function lookedAt({ standing, newestWindow }: RetrainingFacts): { readonly windows?: string[] } {
  const ends = new Set([...Object.values(standing), ...(newestWindow === undefined ? [] : [newestWindow.end])]);
  return ends.size === 0 ? {} : { windows: [...ends] };
}

/** Makes the decision hold against everybody who asks at the same instant; false: somebody else was faster. */
async function claimed(
  { model, execution, request }: Request,
  { facts, holder, waiting }: Gathered,
  { decision, askAgainAt }: RetrainingDecision,
  { slot }: DecideTools,
): Promise<boolean> {
  if (decision === 'retrain') {
    if (holder?.run === execution) return true;
    const run = { run: execution, at: facts.now.toISOString(), estimatedDollars: facts.cost.estimate };
    return (await slot.begin(model.name, run, holder)) === 'begun';
  }
  if (askAgainAt === null) return true;
  return (await slot.wait(model.name, request.trigger, { execution, until: askAgainAt }, waiting)) === 'waits';
}
