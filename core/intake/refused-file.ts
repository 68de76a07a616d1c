import type { Rule } from '../../contracts/findings.ts';
import type { ValidatedFile } from './validate-file.ts';

/** What is said of an upload that was refused before its rows were read. `rule` must be one that rejects. */
export function refusedFile(
  name: string,
  { rule, message }: { readonly rule: Rule; readonly message: string },
): ValidatedFile {
  return {
    accepted: null,
    quarantinePath: null,
    heldBack: false,
    report: {
      file: name,
      verdict: 'rejected',
      rows: { read: 0, accepted: 0, quarantined: 0 },
      findingsTotal: 1,
      findings: [{ rule, severity: 'reject', row: null, column: null, value: null, message }],
    },
  };
}
