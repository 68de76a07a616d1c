import type { Finding } from '../../contracts/findings.ts';
import { crossColumnRules } from './cross-column-rules.ts';
import type { Findings, Observation } from './findings.ts';
import { type Cell, type Normalise, shownCell, type Violation } from './normalise/cell.ts';
import { type JudgedSchema, normaliseColumn, storedType } from './normalise/column.ts';

const MISSING: Violation = { rule: 'missing', message: 'missing; the column is not nullable' };

/** Checks rows against a schema. */
export interface RowJudge {
  /** Compares a file's columns with the schema's. */
  header(names: readonly string[]): void;
  unknownColumn(name: string): void;
  /** The row in its normal form (a CSV line without its end), or what is wrong with it. */
  judge(cells: readonly (Cell | undefined)[], row: number): string | readonly Finding[];
  /** The columns of the row judged last, in normal form and the order of the schema; a missing value is the empty text. */
  readonly texts: readonly string[];
  /** Names the columns that no row had, in formats where rows name their own; a nullable one may be left out by every row. */
  finish(rows: number): void;
}

interface PlannedColumn {
  readonly name: string;
  readonly nullable: boolean;
  readonly quoted: boolean;
  readonly normalise: Normalise;
  /** Where the file has the column; -1 when it does not. */
  source: number;
  seen: boolean;
}

/** A judge of one file; what it finds goes to `findings`. @throws ModelwayError `unsupported-pattern` */
export function judgeRows(schema: JudgedSchema, findings: Findings): RowJudge {
  const columns = schema.columns.map(
    (column): PlannedColumn => ({
      name: column.name,
      nullable: column.nullable === true,
      quoted: storedType(column) === 'VARCHAR',
      normalise: normaliseColumn(column, schema),
      source: -1,
      seen: false,
    }),
  );
  const unknown = new Set<string>();

  const unknownColumn = (name: string): void => {
    if (unknown.has(name) || unknown.size >= 10_000) return;
    unknown.add(name);
    const drop = schema.unknownColumns === 'drop';
    findings.add({
      rule: drop ? 'dropped-column' : 'unknown-column',
      row: null,
      column: name.slice(0, 200),
      value: null,
      message: drop
        ? 'not in the schema; the column was dropped'
        : 'not in the schema; add it there, leave it out of the file, or set unknownColumns to drop',
    });
  };

  const missingColumn = (name: string): void => {
    findings.add({ rule: 'missing-column', row: null, column: name, value: null, message: 'not in the file' });
  };

  const broken = crossColumnRules(schema);
  const texts = columns.map(() => '');

  const judge = (cells: readonly (Cell | undefined)[], row: number): string | readonly Finding[] => {
    let line = '';
    let wrong: Finding[] | undefined;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index];
      if (column === undefined || column.source === -1) continue;
      const cell = cells[column.source];
      if (cell !== undefined) column.seen = true;
      let judged: string | Violation = '';
      if (cell !== null && cell !== undefined) judged = column.normalise(cell);
      else if (!column.nullable) judged = MISSING;
      const text = typeof judged === 'string' ? judged : violate(judged, { row, column: column.name, cell }, findings);
      if (typeof text !== 'string') {
        wrong ??= [];
        wrong.push(text);
      } else if (wrong === undefined) {
        if (index > 0) line += ',';
        line += column.quoted && text !== '' ? quotedText(text) : text;
        texts[index] = text;
      }
    }
    if (broken !== undefined && wrong === undefined) {
      const rules = brokenRules(broken(texts, row), findings);
      if (rules.length > 0) return rules;
    }
    return wrong ?? line;
  };

  return {
    unknownColumn,
    judge,
    texts,
    header: (names) => {
      const found = firstPlaces(names, findings);
      for (const column of columns) {
        column.source = found.get(column.name) ?? -1;
        if (column.source === -1) missingColumn(column.name);
        found.delete(column.name);
      }
      for (const name of found.keys()) unknownColumn(name);
    },
    finish: (rows) => {
      for (const { name, nullable, source, seen } of columns)
        if (rows > 0 && !nullable && source !== -1 && !seen) missingColumn(name);
    },
  };
}

interface Place {
  readonly row: number;
  readonly column: string;
  readonly cell: Cell | undefined;
}

/** A finding of one value, or the text to go on with when it is only warned of; a value without one cannot be kept. */
function violate(violation: Violation, { row, column, cell }: Place, findings: Findings): string | Finding {
  const { rule, message, text } = violation;
  const severity = findings.severityOf(rule);
  const kept = severity === 'warn' ? text : undefined;
  const finding = findings.add({
    rule,
    row,
    column,
    value: shownCell(cell),
    message,
    severity: severity === 'warn' && kept === undefined ? 'quarantine' : severity,
  });
  return kept ?? finding;
}

/** Adds the rules a row broke; those that spoil the row are given back. */
function brokenRules(broken: readonly Observation[], findings: Findings): readonly Finding[] {
  return broken.map((observation) => findings.add(observation)).filter(({ severity }) => severity !== 'warn');
}

function firstPlaces(names: readonly string[], findings: Findings): Map<string, number> {
  const found = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    if (!found.has(name)) found.set(name, index);
    else
      findings.add({
        rule: 'duplicate-column',
        row: null,
        column: name.slice(0, 200),
        value: null,
        message: 'named twice in the header; rename or remove one',
      });
  }
  return found;
}

function quotedText(text: string): string {
  return text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`;
}
