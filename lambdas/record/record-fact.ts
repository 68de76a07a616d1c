import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { sha256 } from '../../core/lineage/canonical-json.ts';
import { lineageRecord } from '../../core/lineage/lineage-record.ts';
import { appendAudit } from '../aws/audit-chain.ts';
import type { AuditLedger } from '../aws/audit-ledger.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';

/** What the handler works with. */
export interface RecordTools {
  readonly lineage: LineageTable;
  readonly ledger: AuditLedger;
  readonly auditBucket: Lake;
  readonly runbookUrl: string;
  readonly publish: (subject: string, message: string) => Promise<void>;
  readonly countFailure: (model: string, at: Date) => void;
  readonly now: () => Date;
}

/**
 * Records, announces and counts one fact. Writing and announcing do not wait for each other's success: a failure is announced even
 * when the table is out of reach. Doing it again writes nothing new; the announcement may come twice.
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
  return { recorded: `${input.kind}#${input.id}` };
}

async function write(input: FunctionInput<'record'>, at: string, tools: RecordTools): Promise<void> {
  const { model, kind, id, parents, detail } = input;
  const record = lineageRecord({ model, kind, id, at, parents, detail });
  const outcome = await tools.lineage.put(record);
  // What the chain vouches for is what the table holds, also when an earlier try wrote it.
  const stored = outcome === 'written' ? record : ((await tools.lineage.get(model, record.sk)) ?? record);
  const fact = { model, what: kind, subject: stored.sk, sha256: sha256(stored.detail) };
  await appendAudit(tools.ledger, tools.auditBucket, fact, stored.at);
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
