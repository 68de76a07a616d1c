import type { Column, DataSchema } from '../../contracts/data-schema.ts';
import type { InferredSchema } from '../../core/intake/infer/infer-schema.ts';
import { inertText } from '../inert-text.ts';

/** Names that people give to what is to be predicted. */
const TARGET_NAME = /^(y|target|label|class|outcome|churn(ed)?|default(ed)?|fraud|late|clicked|converted)$/i;

/** The proposal as the `data` part of a `defineModel({...})`, with what was observed as comments. */
export function snippet({ schema, rows, malformed, notes, leftOut }: InferredSchema, files: readonly string[]): string {
  const targets = targetCandidates(schema);
  const times = schema.columns.filter(({ kind }) => kind === 'timestamp').map(({ name }) => name);
  return [
    `// Proposed from ${rows} rows of ${files.map(quoted).join(', ')}; correct what you know better.`,
    ...(malformed === 0 ? [] : [`// ${malformed} malformed rows were left out of account.`]),
    ...leftOut.map((name) => `// ${quoted(name)} holds lists, objects or bytes, which no column takes: it is dropped.`),
    'data: {',
    '  columns: [',
    ...schema.columns.flatMap((column) => [
      `    // ${inertText(notes.get(column.name) ?? '')}`,
      `    ${columnText(column)},`,
    ]),
    '  ],',
    `  // ${targets.length === 0 ? 'no column can be the target as it is: it must be boolean, or 0 and 1' : `may be the target: ${targets.map(quoted).join(', ')}`}`,
    `  // target: ${quoted(targets[0] ?? 'name')},`,
    `  // ${times.length === 0 ? 'no column tells the time of a row' : `may be the time of a row: ${times.map(quoted).join(', ')}`}`,
    ...(times.length === 0 ? [] : [`  // time: ${quoted(times[0] ?? '')},`]),
    ...(schema.unknownColumns === undefined ? [] : [`  unknownColumns: ${quoted(schema.unknownColumns)},`]),
    '},',
    '',
  ].join('\n');
}

/** Columns that could be predicted, those named like a target first. */
function targetCandidates({ columns }: DataSchema): readonly string[] {
  const names = columns.filter(({ kind }) => kind === 'boolean').map(({ name }) => name);
  return names.toSorted((a, b) => Number(TARGET_NAME.test(b)) - Number(TARGET_NAME.test(a)));
}

function columnText(column: Column): string {
  const fields = Object.entries(column).map(
    ([field, value]) =>
      `${field}: ${Array.isArray(value) ? `[${value.map(quoted).join(', ')}]` : typeof value === 'string' ? quoted(value) : String(value)}`,
  );
  return `{ ${fields.join(', ')} }`;
}

/** A text as a literal that is safe in code and in a comment, whatever the file called its columns. */
function quoted(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) && !/['\\]/.test(text) ? `'${text}'` : inertText(JSON.stringify(text));
}
