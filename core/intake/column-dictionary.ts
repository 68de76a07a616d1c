import type { Column, DataSchema } from '../../contracts/data-schema.ts';

/** The few texts that a column may hold; a value is stored as the number of its text, in the order of the schema, each counted once. */
export interface ColumnDictionary {
  /** Every text once, in PLAIN encoding. */
  readonly page: Buffer;
  readonly size: number;
  /** The number of a text that is one of them. @throws RangeError when it is not */
  codeOf(text: string): number;
}

/** More texts, or longer ones, are stored as they are: a row group repeats its dictionary. */
const [MOST_TEXTS, MOST_BYTES] = [4096, 1 << 16];

/** The dictionary of a column, or undefined where its values are not few, or others may be kept. */
export function columnDictionary({ kind, values }: Column, { severities }: DataSchema): ColumnDictionary | undefined {
  if (values === undefined || kind === 'numeric' || severities?.values === 'warn') return undefined;
  const distinct = [...new Set(values)];
  const page = Buffer.concat(distinct.map(plainText));
  if (distinct.length > MOST_TEXTS || page.length > MOST_BYTES) return undefined;
  const codes = new Map(distinct.map((text, code) => [text, code]));
  return {
    page,
    size: distinct.length,
    codeOf: (text) => {
      const code = codes.get(text);
      if (code === undefined) throw new RangeError('a value that is not allowed was not refused');
      return code;
    },
  };
}

function plainText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}
