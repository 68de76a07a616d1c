import type { StoredType } from '../normalise/column.ts';
import { type ColumnValues, columnChunk, schemaElement } from './column-chunk.ts';
import { type Thrift, thriftBytes } from './thrift.ts';

const MAGIC = Buffer.from('PAR1', 'latin1');

/** A Parquet file in the making: each call gives the bytes that come next. */
export interface ParquetFile {
  rowGroup(columns: readonly ColumnValues[]): readonly Buffer[];
  /** The footer, which ends the file. */
  end(): readonly Buffer[];
}

/** A Parquet file of flat columns; its first bytes come with the first row group. */
export function parquetFile(columns: readonly { readonly name: string; readonly type: StoredType }[]): ParquetFile {
  const groups: Thrift[] = [];
  let [offset, rows] = [0, 0];
  const begin = (): readonly Buffer[] => {
    if (offset > 0) return [];
    offset = MAGIC.length;
    return [MAGIC];
  };
  return {
    rowGroup: (values) => {
      const bytes = [...begin()];
      const chunks: Thrift[] = [];
      let uncompressed = 0;
      for (const column of values) {
        const chunk = columnChunk(column);
        chunks.push({
          fields: [
            [2, { i64: offset }],
            [3, chunk.metadata(offset)],
          ],
        });
        bytes.push(...chunk.bytes);
        offset += chunk.size;
        uncompressed += chunk.uncompressedSize;
      }
      const count = values[0]?.rows ?? 0;
      rows += count;
      groups.push({
        fields: [
          [1, { list: chunks }],
          [2, { i64: uncompressed }],
          [3, { i64: count }],
        ],
      });
      return bytes;
    },
    end: () => {
      const root: Thrift = {
        fields: [
          [4, { text: 'schema' }],
          [5, { i32: columns.length }],
        ],
      };
      const footer = thriftBytes([
        [1, { i32: 2 }],
        [2, { list: [root, ...columns.map(({ name, type }) => schemaElement(name, type))] }],
        [3, { i64: rows }],
        [4, { list: groups }],
        [6, { text: 'modelway' }],
      ]);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(footer.length);
      return [...begin(), footer, length, MAGIC];
    },
  };
}
