import { SMOKE_TEST_PREFIX } from '../../contracts/capture.ts';
import { featureName } from '../../contracts/features.ts';
import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { type PredictionResponse, PredictionResponseSchema } from '../../contracts/serving.ts';
import { additivityError } from '../../core/quality/additivity.ts';
import type { Endpoint, EndpointAnswer } from './endpoint.ts';
import { probeRows } from './probe-rows.ts';

type Request = FunctionInput<'smoke-test'>;

/** Rounds of the same questions: the first may meet a cold container, and more than one instance is likely to be asked. */
const ROUNDS = 3;
/** Largest difference allowed between base + Σ contributions and the score's log-odds. */
const TOLERANCE = 1e-4;
/** Nobody would call an endpoint that takes longer for a few rows well. */
const MOST_MILLISECONDS = 10_000;

/**
 * Asks the endpoint a few rows, several times, and looks at shape, package, contributions and time. What the endpoint does wrong is the
 * result, never an exception: the machine takes the deployment back and says why.
 */
export async function smokeTest(
  request: Request,
  endpoint: Endpoint,
  invocation: { readonly id: string; readonly clock: () => number },
): Promise<FunctionOutput<'smoke-test'>> {
  const rows = probeRows(request.model);
  const body = JSON.stringify({ instances: rows });
  let latencyMilliseconds = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const started = invocation.clock();
    const answer = await endpoint.ask(request.endpointName, body, `${SMOKE_TEST_PREFIX}${invocation.id}-${round}`);
    latencyMilliseconds = Math.max(latencyMilliseconds, invocation.clock() - started);
    const wrong = problemOf(answer, rows.length, request);
    if (wrong !== undefined) return { passed: false, reason: `round ${round}: ${wrong}`, latencyMilliseconds };
  }
  const shown = `${Math.round(latencyMilliseconds)} ms`;
  if (latencyMilliseconds > MOST_MILLISECONDS)
    return {
      passed: false,
      reason: `slowest answer took ${shown}, at most ${MOST_MILLISECONDS} ms are allowed`,
      latencyMilliseconds,
    };
  const reason = `${ROUNDS} × ${rows.length} rows answered by ${request.modelPackageArn}, explained exactly, slowest ${shown}`;
  return { passed: true, reason, latencyMilliseconds };
}

function problemOf(answer: EndpointAnswer, rows: number, { model, modelPackageArn }: Request): string | undefined {
  if (answer.kind === 'refused') return `the endpoint refused the request: ${answer.message.slice(0, 500)}`;
  const response = parsed(answer.body);
  if (response === undefined) return `the answer is not of the agreed shape: ${answer.body.slice(0, 200)}`;
  const { model_package, predictions, features, base_value } = response;
  if (model_package !== modelPackageArn) return `${model_package} answered, expected ${modelPackageArn}`;
  if (predictions.length !== rows) return `${predictions.length} rows answered, ${rows} asked`;
  const expected = model.features.map(featureName);
  if (features.join() !== expected.join()) return `features are ${features.join()}, expected ${expected.join()}`;
  const errors = predictions.map(({ score, shap }) =>
    shap.length === features.length ? additivityError(score, base_value, shap) : Number.POSITIVE_INFINITY,
  );
  const worst = Math.max(...errors);
  return worst <= TOLERANCE
    ? undefined
    : `contributions of row ${errors.indexOf(worst) + 1} miss its log-odds by ${worst.toExponential(1)}`;
}

function parsed(body: string): PredictionResponse | undefined {
  try {
    return PredictionResponseSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
