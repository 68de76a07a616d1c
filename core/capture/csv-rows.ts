/**
 * Rows of a CSV body (RFC 4180: quoted fields may hold commas, newlines and doubled quotes), without a trailing empty row.
 * A stray quote inside an unquoted field is kept as it is; an unclosed quote runs to the end.
 */
export function csvRows(text: string): readonly (readonly string[])[] {
  if (!text.includes('"')) return plainRows(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const { value, next } = field(text, at);
    row.push(value);
    if (text[next] !== ',') {
      rows.push(row);
      row = [];
    }
    at = next + (text[next] === '\r' && text[next + 1] === '\n' ? 2 : 1);
  }
  return rows.filter(notEmpty);
}

function plainRows(text: string): readonly (readonly string[])[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.split(','))
    .filter(notEmpty);
}

const notEmpty = (row: readonly string[]) => row.length > 1 || row[0]?.trim() !== '';

/** The field that begins at `at`, and where its separator stands. */
function field(text: string, at: number): { value: string; next: number } {
  if (text[at] !== '"') {
    const next = endOfField(text, at);
    return { value: text.slice(at, next), next };
  }
  let close = text.indexOf('"', at + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  const end = close < 0 ? text.length : close;
  const next = endOfField(text, Math.min(end + 1, text.length));
  return { value: text.slice(at + 1, end).replaceAll('""', '"'), next };
}

function endOfField(text: string, at: number): number {
  let end = at;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return end;
}
