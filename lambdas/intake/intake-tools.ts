import type { FunctionInput } from '../../contracts/functions.ts';
import type { DatasetSource } from '../../contracts/records.ts';
import type { Duck } from '../../core/duckdb.ts';
import type { ValidatedFile } from '../../core/intake/validate-file.ts';
import type { Lake } from '../aws/lake.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import type { StoredVersion } from '../aws/object-versions.ts';
import type { WriteOnce } from '../aws/write-once.ts';

/** One upload to take in, whichever step asks. */
export type UploadIntake = Omit<FunctionInput<'intake'>, 'work'>;

/** What intake works with. */
export interface IntakeTools {
  /** The platform's name, which names of jobs begin with. */
  readonly platform: string;
  readonly lake: Lake;
  readonly writeOnce: WriteOnce;
  /** Every version of every object of the lake below a prefix. */
  readonly versions: (prefix: string) => AsyncIterable<StoredVersion>;
  readonly lineage: LineageTable;
  readonly now: () => Date;
}

/** What an upload came to, and the object versions it was read from. */
export interface TakenUpload {
  readonly validated: ValidatedFile;
  readonly sources: readonly DatasetSource[];
}

/** Where and with what uploads are validated. */
export interface IntakePlace extends IntakeTools {
  /** Scratch. */
  readonly folder: string;
  readonly duck: Duck;
  /** What becomes of content that is larger than the limit. */
  readonly beyond: 'refuse' | 'throw';
}
