import type { Column } from '../../../contracts/data-schema.ts';
import type { ColumnEvidence } from './column-evidence.ts';
import { patternOf } from './text-shape.ts';

/** A column of a proposed schema, and what to know of it. */
export interface ProposedColumn {
  readonly column: Column;
  /** One line: what was observed, and what was assumed. */
  readonly note: string;
}

/** At most so many values are listed as the allowed ones, each seen this often on average. */
const [LISTED_VALUES, LISTED_REPEATS] = [50, 5];
/** Fewer values than these show no pattern and no key. */
const [PATTERN_VALUES, KEY_VALUES] = [20, 20];
const LONGEST_KEY = 64;
const DEFAULT_MAX_LENGTH = 10_000;

/** The narrowest column that takes every value seen and leaves room for ones like them; undefined when no column takes them. */
export function proposeColumn(name: string, evidence: ColumnEvidence): ProposedColumn | undefined {
  const { rows, missing, unfit } = evidence;
  if (unfit) return undefined;
  const present = rows - missing;
  const { fields, said } =
    present === 0 ? { fields: { kind: 'text' } as const, said: 'no value seen' } : fieldsOf(name, evidence, present);
  const column: Column = { name, ...fields, ...(missing > 0 || present === 0 ? { nullable: true } : {}) };
  const share = missing === 0 ? '' : `; ${percent(missing / rows)} missing`;
  const isText = ['categorical', 'text', 'identifier'].includes(column.kind);
  const advice = evidence.advice === undefined || !isText || evidence.codes ? '' : `; ${evidence.advice}`;
  return { column, note: `${said}${present === 0 ? '' : share}${advice}` };
}

interface Proposal {
  readonly fields: Omit<Column, 'name'>;
  readonly said: string;
}

/** Names that people give to keys. */
const KEY_WORD = /(?:^|[^a-z])(?:id|key|no|nr|number|num|code)$/i;
const KEY_ENDING = /[a-z](?:Id|ID|Key|No|Nr|Number|Code)$/;

function fieldsOf(name: string, evidence: ColumnEvidence, present: number): Proposal {
  const unique = evidence.distinct && present >= KEY_VALUES;
  if (evidence.booleansOnly) return { fields: { kind: 'boolean' }, said: 'true and false, or 1 and 0' };
  if (evidence.instantsOnly) return instants(evidence);
  if ((evidence.numbersOnly || evidence.commaNumbersOnly) && !evidence.codes)
    return numbers(
      evidence,
      unique && (KEY_WORD.test(name) || KEY_ENDING.test(name) || evidence.greatest - evidence.least + 1 === present),
    );
  return texts(evidence, present, unique);
}

function instants({ earliest, latest, zonesOnly }: ColumnEvidence): Proposal {
  const [from, to] = [earliest, latest].map((text) => `${text.replace(' ', 'T')}Z`);
  const plausible = earliest >= '1900' && latest < '2200';
  return {
    fields: {
      kind: 'timestamp',
      ...(zonesOnly ? { zone: 'required' } : {}),
      ...(plausible
        ? {}
        : { min: `${earliest.slice(0, 4)}-01-01T00:00:00Z`, max: `${latest.slice(0, 4)}-12-31T23:59:59.999Z` }),
    },
    said: `observed ${from} to ${to}`,
  };
}

function numbers({ least, greatest, numbersOnly, wholeOnly }: ColumnEvidence, unique: boolean): Proposal {
  const integer = numbersOnly && wholeOnly;
  const room = (greatest - least) / 2;
  return {
    fields: {
      kind: 'numeric',
      ...(integer ? { integer: true } : {}),
      ...(numbersOnly ? {} : { decimal: ',' }),
      // A key has no range; other numbers keep their sign, and half of the observed range on either side.
      ...(integer && unique
        ? {}
        : { min: least >= 0 ? 0 : outwards(least - room, -1), max: greatest <= 0 ? 0 : outwards(greatest + room, 1) }),
      ...(integer && unique ? { unique: true } : {}),
    },
    said: `observed ${least} to ${greatest}`,
  };
}

function texts(evidence: ColumnEvidence, present: number, unique: boolean): Proposal {
  const { values, longest, shape, codes } = evidence;
  const length = longest > DEFAULT_MAX_LENGTH ? { maxLength: 2 * longest } : {};
  if (values !== undefined && values.size * LISTED_REPEATS <= present && values.size <= LISTED_VALUES)
    return {
      fields: { kind: 'categorical', values: [...values.keys()].sort(), ...length },
      said: `${values.size} values in ${present} rows`,
    };
  const distinct = values?.size ?? Number.POSITIVE_INFINITY;
  const pattern =
    shape !== undefined && shape.length > 0 && distinct >= PATTERN_VALUES && isTelling(shape)
      ? { pattern: `^${patternOf(shape)}$` }
      : {};
  const key = longest <= LONGEST_KEY && unique;
  const kind = key || codes ? 'identifier' : values !== undefined && distinct * 2 <= present ? 'categorical' : 'text';
  const counted = values === undefined ? 'many values' : `${distinct} values in ${present} rows`;
  return {
    fields: {
      kind,
      ...(kind === 'text' && pattern.pattern === undefined ? {} : pattern),
      ...(key ? { unique: true } : {}),
      ...length,
    },
    said: `${counted}, at most ${longest} characters`,
  };
}

/** A single run of letters of any length says nothing of what will come. */
function isTelling(shape: NonNullable<ColumnEvidence['shape']>): boolean {
  return shape.length > 1 || shape.every(({ least, most }) => least === most);
}

/** The next of 1, 2, 5, 10, 20, 50, … away from zero in the direction of `sign`. */
function outwards(value: number, sign: 1 | -1): number {
  const size = value * sign;
  if (!Number.isFinite(size) || size > 1e300) return sign * Number.MAX_VALUE;
  if (size <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(size));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= size) ?? 10;
  return sign * Number((step * power).toPrecision(1));
}

const percent = (share: number) => `${Number((share * 100).toPrecision(2))} %`;
