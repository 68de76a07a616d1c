import type { Column } from '../../../contracts/data-schema.ts';
import type { Cell, Normalise, Violation } from './cell.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NOT_A_NUMBER: Violation = {
  rule: 'type',
  message:
    'not a finite number; write digits with a decimal point, such as -12.5, and leave the cell empty if it is missing',
};
const NOT_WHOLE: Violation = { rule: 'integer', message: 'not a whole number; the column holds integers' };
const TOO_LONG: Violation = {
  rule: 'integer',
  message: 'does not fit into 64 bits; use an identifier column for long numbers',
};
const IMPRECISE: Violation = {
  rule: 'integer',
  message: 'is beyond 2^53, where JSON numbers lose digits; write it as a text',
};
const [LOWEST, HIGHEST] = [-(2n ** 63n), 2n ** 63n - 1n];

const NOT_A_COMMA_NUMBER: Violation = {
  rule: 'type',
  message:
    'not a finite number with a decimal comma, such as -12,5; write no separators of thousands, and leave the cell empty if it is missing',
};

/** Numbers: text becomes the shortest decimal form of its double (or of its 64-bit integer), so `1.50`, `1.5` and `15e-1` are one. */
export function normaliseNumber(column: Column, decimal: '.' | ',' = column.decimal ?? '.'): Normalise {
  const plain = column.integer === true ? integerText : doubleText;
  const write = decimal === ',' ? withDecimalComma(plain) : plain;
  const min = typeof column.min === 'number' ? column.min : undefined;
  const max = typeof column.max === 'number' ? column.max : undefined;
  if (min === undefined && max === undefined) return write;
  const outside: Violation = {
    rule: 'range',
    message: `outside ${min ?? 'any'} to ${max ?? 'any'}`,
  };
  return (cell) => {
    const text = write(cell);
    if (typeof text !== 'string') return text;
    const value = Number(text);
    return (min !== undefined && value < min) || (max !== undefined && value > max) ? { ...outside, text } : text;
  };
}

function withDecimalComma(write: Normalise): Normalise {
  return (cell) => {
    if (typeof cell !== 'string') return write(cell);
    if (cell.includes('.')) return NOT_A_COMMA_NUMBER;
    const text = write(cell.replace(',', '.'));
    return text === NOT_A_NUMBER ? NOT_A_COMMA_NUMBER : text;
  };
}

function doubleText(cell: Exclude<Cell, null>): string | Violation {
  if (typeof cell === 'string') {
    if (isCanonical(cell)) return cell;
    const text = cell.trim();
    return NUMBER.test(text) ? shortest(Number(text)) : NOT_A_NUMBER;
  }
  return typeof cell === 'number' ? shortest(cell) : NOT_A_NUMBER;
}

function integerText(cell: Exclude<Cell, null>): string | Violation {
  if (typeof cell === 'number') {
    if (!Number.isFinite(cell)) return NOT_A_NUMBER;
    if (!Number.isInteger(cell)) return NOT_WHOLE;
    return Number.isSafeInteger(cell) ? shortest(cell) : IMPRECISE;
  }
  if (typeof cell !== 'string') return NOT_A_NUMBER;
  if (isCanonical(cell)) return cell.includes('.') ? NOT_WHOLE : cell;
  const text = cell.trim();
  if (!NUMBER.test(text)) return NOT_A_NUMBER;
  return /^[+-]?\d+$/.test(text) ? longIntegerText(text) : wholeDecimal(Number(text));
}

function longIntegerText(text: string): string | Violation {
  // Twenty digits hold any 64-bit number; longer texts would only make BigInt slow.
  const digits = text.replace(/^[+-]?0*(?=\d)/, '');
  if (digits.length > 20) return TOO_LONG;
  const value = BigInt(digits) * (text.startsWith('-') ? -1n : 1n);
  return value < LOWEST || value > HIGHEST ? TOO_LONG : String(value);
}

function wholeDecimal(value: number): string | Violation {
  if (!Number.isInteger(value)) return Number.isFinite(value) ? NOT_WHOLE : NOT_A_NUMBER;
  return Number.isSafeInteger(value) ? shortest(value) : TOO_LONG;
}

function shortest(value: number): string | Violation {
  if (!Number.isFinite(value)) return NOT_A_NUMBER;
  return value === 0 ? '0' : String(value);
}

/**
 * Is the text already the shortest form of its double? Any decimal of at most 15 digits names one double and is its shortest form,
 * if it has no needless sign, zero or exponent; this spares parsing and printing of most cells.
 */
function isCanonical(text: string): boolean {
  const length = text.length;
  let at = text.charCodeAt(0) === 45 ? 1 : 0;
  if (length - at > 16 || length === at) return false;
  const whole = at;
  while (at < length && isDigit(text.charCodeAt(at))) at++;
  const wholeDigits = at - whole;
  if (wholeDigits === 0 || (wholeDigits > 1 && text.charCodeAt(whole) === 48)) return false;
  if (at === length) return wholeDigits <= 15 && !(whole === 1 && text.charCodeAt(1) === 48);
  if (text.charCodeAt(at) !== 46) return false;
  const fraction = ++at;
  while (at < length && isDigit(text.charCodeAt(at))) at++;
  if (at !== length || at === fraction || text.charCodeAt(length - 1) === 48) return false;
  // Below a millionth, the shortest form has an exponent.
  return wholeDigits + (at - fraction) <= 15 && !text.startsWith('0.00000', whole);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
