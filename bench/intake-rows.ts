import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type DataSchema, DataSchemaSchema } from '../contracts/data-schema.ts';
import { seededRandom } from '../core/statistics/random.ts';

const COLOURS = ['red', 'green', 'blue', 'amber', 'violet', 'black'] as const;
const PORTS = ['ATL', 'ORD', 'JFK', 'LAX', 'SFO', 'DFW'] as const;
const FLUSH_CHARACTERS = 1 << 20;

/** Thirty columns of every kind, each with the rules that people write: ranges, values, patterns, lengths, one key. */
export const INTAKE_SCHEMA: DataSchema = DataSchemaSchema.parse({
  columns: [
    { name: 'id', kind: 'identifier', unique: true },
    { name: 'at', kind: 'timestamp', min: '2001-01-01T00:00:00Z', max: '2030-01-01T00:00:00Z' },
    { name: 'seen', kind: 'timestamp' },
    { name: 'late', kind: 'boolean' },
    ...Array.from({ length: 14 }, (_, index) => ({
      name: `x${index}`,
      kind: 'numeric',
      min: -1000,
      max: 1000,
      nullable: index % 3 === 0,
    })),
    ...Array.from({ length: 4 }, (_, index) => ({
      name: `n${index}`,
      kind: 'numeric',
      integer: true,
      min: 0,
      max: 100_000,
    })),
    ...Array.from({ length: 5 }, (_, index) => ({
      name: `c${index}`,
      kind: 'categorical',
      values: index % 2 === 0 ? COLOURS : PORTS,
    })),
    { name: 'code', kind: 'text', pattern: '^[A-Z]{2}\\d{4}$' },
    { name: 'note', kind: 'text', nullable: true, maxLength: 40 },
    { name: 'flag', kind: 'boolean' },
  ],
  target: 'late',
  time: 'at',
});

/** Writes rows that keep the schema as CSV; the same seed gives the same file. */
export async function writeIntakeRows(path: string, rows: number, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const pick = (values: readonly string[]) => values[Math.floor(random() * values.length)] ?? '';
  const file = createWriteStream(path);
  let text = `${INTAKE_SCHEMA.columns.map(({ name }) => name).join(',')}\n`;
  for (let row = 0; row < rows; row++) {
    const cells = [
      `id${String(row).padStart(9, '0')}`,
      instant(Date.UTC(2001, 0, 1) + (row % 40_000_000) * 20_000)
        .replace('T', ' ')
        .slice(0, 19),
      instant(Date.UTC(2005, 0, 1) + Math.floor(random() * 1e11)),
      random() < 0.2 ? 'true' : 'false',
    ];
    for (let x = 0; x < 14; x++)
      cells.push(x % 3 === 0 && random() < 0.05 ? '' : ((random() - 0.5) * 1800).toFixed((x % 5) + 1));
    for (let n = 0; n < 4; n++) cells.push(String(Math.floor(random() * 100_000)));
    for (let c = 0; c < 5; c++) cells.push(pick(c % 2 === 0 ? COLOURS : PORTS));
    cells.push(
      `AB${1000 + Math.floor(random() * 9000)}`,
      random() < 0.3 ? '' : `note ${Math.floor(random() * 1000)}`,
      random() < 0.5 ? '1' : '0',
    );
    text += `${cells.join(',')}\n`;
    if (text.length > FLUSH_CHARACTERS) {
      if (!file.write(text)) await once(file, 'drain');
      text = '';
    }
  }
  file.end(text);
  await once(file, 'close');
}

const instant = (milliseconds: number) => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
