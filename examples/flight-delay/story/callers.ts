import type { Answer, Stage } from '../../../contracts/scenario.ts';
import type { PredictionResponse } from '../../../contracts/serving.ts';
import { askingTimes, type LiveFlight } from './live-flights.ts';

/** Rows of one request after the other, over and over: callers differ. */
const REQUEST_ROWS = [100, 20, 60, 35] as const;
/** Exactness of an explanation: base value and contributions must give the score this well. */
const ADDITIVITY = 1e-6;

/** What callers got, in the order they asked. */
export interface Tally {
  requests: number;
  rows: number;
  singleRows: number;
  readonly milliseconds: number[];
  readonly failures: { readonly at: Date; readonly status: number; readonly message: string }[];
  /** Scores and outcomes by the model package that answered. */
  readonly byPackage: Map<string, { readonly score: number; readonly late: boolean }[]>;
}

/** What became of one row that was asked about, in the form of `contracts/labels.ts`. */
export interface Outcome {
  readonly inferenceId: string;
  readonly row: number;
  readonly label: 0 | 1;
  /** When it was asked about, ISO. */
  readonly predictedAt: string;
}

/** The callers of the endpoint: they ask about every flight of the sample once, when it is due. */
export interface Callers {
  readonly tally: Tally;
  /** Lets time pass until `until`; callers ask every evening: about one flight alone, the others up to 100 at a time. */
  askUntil(until: Date): Promise<void>;
  /** Lets `minutes` pass; every minute callers ask about `perMinute` single flights of those due but not yet asked about. */
  askSingly(minutes: number, perMinute: number): Promise<void>;
  /** Outcomes of everything that was answered since this was asked last; a flight has landed by the time its week is over. */
  takeOutcomes(): readonly Outcome[];
}

/** Builds the callers over the flights of the sample, oldest first. */
export function buildCallers(stage: Stage, flights: readonly LiveFlight[]): Callers {
  const waiting = [...flights];
  const tally: Tally = { requests: 0, rows: 0, singleRows: 0, milliseconds: [], failures: [], byPackage: new Map() };

  const outcomes: Outcome[] = [];

  const ask = async (rows: readonly LiveFlight[]) => {
    tally.requests += 1;
    tally.rows += rows.length;
    if (rows.length === 1) tally.singleRows += 1;
    const inferenceId = `request-${String(tally.requests).padStart(6, '0')}`;
    const predictedAt = stage.now().toISOString();
    const answer = await stage.predict(
      rows.map((row) => row.instance),
      inferenceId,
    );
    record(stage, tally, rows, answer);
    if (answer.kind === 'answered')
      rows.forEach(({ late }, row) => {
        outcomes.push({ inferenceId, row, label: late ? 1 : 0, predictedAt });
      });
  };

  const askUntil = async (until: Date) => {
    for (const time of askingTimes(stage.now(), until)) {
      await stage.advanceTo(time);
      const due = waiting.splice(0, dueCount(waiting, stage.now()));
      const asked = due.length > 0 ? [ask(due.splice(0, 1))] : [];
      // Callers do not wait for each other; which rows go into which request does not depend on who is answered first.
      while (due.length > 0) asked.push(ask(due.splice(0, requestRows(tally.requests))));
      await Promise.all(asked);
    }
    if (until > stage.now()) await stage.advanceTo(until);
  };

  const askSingly = async (minutes: number, perMinute: number) => {
    const scattered = scatter(waiting.splice(0, dueCount(waiting, stage.now())));
    for (let minute = 0; minute < minutes; minute += 1) {
      await stage.advanceTo(new Date(stage.now().getTime() + 60_000));
      for (const flight of scattered.splice(0, perMinute)) await ask([flight]);
    }
    waiting.unshift(...scattered.toSorted((a, b) => a.scheduledAt.getTime() - b.scheduledAt.getTime()));
  };

  return { tally, askUntil, askSingly, takeOutcomes: () => outcomes.splice(0) };
}

const requestRows = (requests: number): number => REQUEST_ROWS[requests % REQUEST_ROWS.length] ?? 1;

function dueCount(waiting: readonly LiveFlight[], now: Date): number {
  const first = waiting.findIndex((flight) => flight.scheduledAt > now);
  return first === -1 ? waiting.length : first;
}

/** Morning and evening flights mixed, in an order that is the same every time. */
function scatter(flights: readonly LiveFlight[]): LiveFlight[] {
  const stride = 7;
  return Array.from({ length: stride }, (_, start) => flights.filter((_, index) => index % stride === start)).flat();
}

function record(stage: Stage, tally: Tally, rows: readonly LiveFlight[], answer: Answer): void {
  if (answer.kind === 'failed') {
    tally.failures.push({ at: stage.now(), status: answer.status, message: answer.message });
    return;
  }
  const { response } = answer;
  stage.expect(
    response.predictions.length === rows.length,
    `${rows.length} rows got ${response.predictions.length} answers`,
  );
  stage.expect(addsUp(response), 'an explanation does not add up to its score');
  tally.milliseconds.push(answer.milliseconds);
  const scored = tally.byPackage.get(response.model_package) ?? [];
  tally.byPackage.set(response.model_package, scored);
  response.predictions.forEach(({ score }, index) => {
    scored.push({ score, late: rows[index]?.late === true });
  });
}

function addsUp(response: PredictionResponse): boolean {
  return response.predictions.every(({ score, shap }) => {
    const margin = shap.reduce((sum, value) => sum + value, response.base_value);
    return shap.length === response.features.length && Math.abs(score - 1 / (1 + Math.exp(-margin))) < ADDITIVITY;
  });
}
