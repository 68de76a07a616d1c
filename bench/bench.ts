/** A benchmark: figures of ours and, where there is one, of a peer, measured in one run on one machine. */
export interface Bench {
  readonly name: string;
  /** One line for the list of benchmarks. */
  readonly summary: string;
  /** Python environments (`scripts/install/python.mjs`) its peers need; installed before it runs. */
  readonly environments: readonly string[];
  /** `quick` is a smaller size for trying it out, whose figures are no claim. */
  readonly run: (context: BenchContext) => Promise<readonly Figure[]>;
}

export interface BenchContext {
  /** The checkout. */
  readonly root: string;
  /** A folder that is removed afterwards. */
  readonly scratch: string;
  readonly quick: boolean;
  /** Progress, to stderr. */
  readonly say: (line: string) => void;
}

/** One measured number. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** `s CPU`, `MB/s`, `×`, `%`; the empty string for a bare number. */
  readonly unit: string;
  /** What it should be. Left out: no goal, the figure only informs. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
  /** How it was taken, where that is not plain: sizes, repetitions, the peer's version. */
  readonly note?: string;
}

/** Whether a figure reaches its goal; undefined when it has none. */
export function isMet({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

/** The figures as lines for a terminal. */
export function figureLines(figures: readonly Figure[]): readonly string[] {
  const width = Math.max(...figures.map(({ what }) => what.length));
  return figures.map((figure) => {
    const { what, value, unit, goal, note } = figure;
    const met = isMet(figure);
    const wanted =
      goal === undefined ? '' : 'atMost' in goal ? `  (goal ≤ ${goal.atMost})` : `  (goal ≥ ${goal.atLeast})`;
    const verdict = met === undefined ? '    ' : met ? 'met ' : 'MISS';
    return `${verdict} ${what.padEnd(width)}  ${significant(value)} ${unit}${wanted}${note === undefined ? '' : `  ${note}`}`;
  });
}

/** Four significant digits. */
const significant = (value: number) =>
  Number.isInteger(value) ? String(value) : Number(value.toPrecision(4)).toString();
