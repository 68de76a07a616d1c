import { ModelwayError } from '../../contracts/problems.ts';
import { verifyAudit } from '../../core/lineage/verify-audit.ts';
import { flag } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { recordsOf } from '../lineage/record-source.ts';

/** `modelway audit verify`: recomputes a model's chain of audit records; 1 when a link is broken. */
export async function audit(args: Arguments, io: Io): Promise<ExitCode> {
  if (args.files.length !== 1 || args.files[0] !== 'verify')
    throw new ModelwayError('wrong-use', 'input', [
      { path: 'audit', message: 'can only verify', got: args.files.join(' '), fix: 'use it as: modelway audit verify' },
    ]);
  const { model, audit: stored, auditHead, records } = await recordsOf(args, io.cwd);
  const verdict = verifyAudit(model, { stored, head: auditHead ?? undefined, records });
  if (flag(args, 'json')) io.out(`${JSON.stringify(verdict, null, 2)}\n`);
  else if (verdict.broken !== null)
    io.out(
      `broken at record ${verdict.broken.sequence} (${verdict.broken.key ?? 'no key'}): ${verdict.broken.reason}\n`,
    );
  else {
    for (const { record, reason } of verdict.differing) io.out(`${record}: ${reason}\n`);
    io.out(`${verdict.verdict}: ${verdict.records} audit records of ${model} chain without a gap\n`);
  }
  return verdict.verdict === 'intact' ? 0 : 1;
}
