import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import type { RecordKind } from '../../contracts/records.ts';
import { lineageRecord } from '../../core/lineage/lineage-record.ts';
import { type Chaining, chainRecord } from '../aws/audit-chain.ts';

type Outcome = FunctionOutput<'record'>['outcome'];

/** What the handler works with. */
export interface RecordTools extends Chaining {
  readonly runbookUrl: string;
  readonly publish: (subject: string, message: string) => Promise<void>;
  readonly countFailure: (model: string, at: Date) => void;
  readonly now: () => Date;
}

/**
 * Records, announces and counts one fact. Writing and announcing do not wait for each other's success: a failure is announced even
 * when the table is out of reach. Doing it again writes nothing new; the announcement may come twice. A fact of the same name that
 * says something else is refused; of windows and failures the first one stands.
 */
export async function recordFact(
  input: FunctionInput<'record'>,
  tools: RecordTools,
): Promise<FunctionOutput<'record'>> {
  const at = tools.now();
  if (input.failed) tools.countFailure(input.model, at);
  const [written, announced] = await Promise.allSettled([
    write(input, at.toISOString(), tools),
    announce(input, tools),
  ]);
  const failures = [written, announced].flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, `${input.kind} ${input.id} was not fully recorded`);
  return {
    recorded: `${input.kind}#${input.id}`,
    outcome: written.status === 'fulfilled' ? written.value : 'recorded',
  };
}

/** A window that is judged again and a failure that comes again may be told in other words; what was said first is on record. */
const TOLD_AGAIN: ReadonlySet<RecordKind> = new Set(['window', 'failure']);

async function write(input: FunctionInput<'record'>, at: string, tools: RecordTools): Promise<Outcome> {
  const { model, kind, id, parents, detail, vouchFor = [] } = input;
  try {
    await chainRecord(lineageRecord({ model, kind, id, at, parents, detail }), vouchFor, tools);
    return 'recorded';
  } catch (error) {
    const repeated = TOLD_AGAIN.has(kind) && error instanceof ModelwayError && error.code === 'record-conflict';
    if (!repeated) throw error;
    console.warn(JSON.stringify({ firstStands: `${kind}#${id}`, model }));
    return 'first-stands';
  }
}

async function announce({ announce: news }: FunctionInput<'record'>, tools: RecordTools): Promise<void> {
  if (news === null) return;
  const { subject, message, runbook } = news;
  await tools.publish(snsSubject(subject), `${message}\n\nWhat to do: ${tools.runbookUrl}#${runbook}\n`);
}

/** SNS takes at most 100 printable ASCII characters as a subject. */
export function snsSubject(subject: string): string {
  const printable = subject.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return printable.length > 100 ? `${printable.slice(0, 97)}...` : printable;
}
