import { auditKey } from '../../../contracts/keys.ts';
import { type AuditHead, nextAuditRecord } from '../../../core/lineage/audit-chain.ts';
import { sha256 } from '../../../core/lineage/canonical-json.ts';
import type { StoredAudit } from '../../../core/lineage/verify-chain.ts';

/** A chain as the writer builds it, and its head. */
export function chainOf(
  model: string,
  subjects: readonly { readonly subject: string; readonly sha256: string }[],
): { readonly stored: StoredAudit[]; readonly head: AuditHead | undefined } {
  const stored: StoredAudit[] = [];
  let head: AuditHead | undefined;
  for (const [sequence, subject] of subjects.entries()) {
    const what = subject.subject.slice(0, subject.subject.indexOf('#'));
    const text = nextAuditRecord(head, { model, what, ...subject }, '2001-01-01T00:00:00Z');
    head = { sequence, sha256: sha256(text) };
    stored.push({ key: auditKey(model, sequence), text });
  }
  return { stored, head };
}

/** A chain of some length over subjects that nothing else knows. */
export const chainOfLength = (model: string, length: number) =>
  chainOf(
    model,
    Array.from({ length }, (_, index) => ({ subject: `run#${index}`, sha256: sha256(String(index)) })),
  );
