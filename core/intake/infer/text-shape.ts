/** A run of characters of one class, or of one literal character. */
interface Run {
  readonly of: string;
  readonly least: number;
  readonly most: number;
}

/** The form of a text as runs: `AB1234` is two capitals and four digits. */
export type Shape = readonly Run[];

const MOST_RUNS = 9;
const CLASSES: readonly (readonly [string, RegExp])[] = [
  ['[A-Z]', /[A-Z]/],
  ['[a-z]', /[a-z]/],
  ['[0-9]', /[0-9]/],
];
const LITERAL = /[-_:./#@ ]/;

/** The shape of a text of ASCII letters, digits and a few signs; undefined for any other text, and for one of many runs. */
export function shapeOf(text: string): Shape | undefined {
  const runs: { of: string; least: number; most: number }[] = [];
  for (const character of text.slice(0, 201)) {
    const known =
      CLASSES.find(([, matches]) => matches.test(character))?.[0] ??
      (LITERAL.test(character) ? literal(character) : undefined);
    if (known === undefined) return undefined;
    const last = runs.at(-1);
    if (last?.of === known) {
      last.least++;
      last.most++;
    } else runs.push({ of: known, least: 1, most: 1 });
    if (runs.length > MOST_RUNS) return undefined;
  }
  return text.length > 200 ? undefined : runs;
}

/** The shape that covers both, run by run; undefined when they differ in more than the lengths of runs. */
export function wider(a: Shape, b: Shape | undefined): Shape | undefined {
  if (b === undefined || a.length !== b.length) return undefined;
  const runs: Run[] = [];
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (other === undefined || other.of !== one.of) return undefined;
    runs.push({ of: one.of, least: Math.min(one.least, other.least), most: Math.max(one.most, other.most) });
  }
  return runs;
}

/** The shape as a pattern. Runs of one length stay so; others may be longer than any seen. */
export function patternOf(shape: Shape): string {
  return shape.map(({ of, least, most }) => of + (least !== most ? '+' : most === 1 ? '' : `{${most}}`)).join('');
}

function literal(character: string): string {
  return /[./]/.test(character) ? `\\${character}` : character;
}
