import {
  DIFFERENCE_KINDS,
  type Difference,
  type DifferenceKind,
  type ReproductionVerdict,
} from '../../contracts/reproduction.ts';

/** Differences that a verdict keeps, shared by the kinds that differ, and those that its sentence names. */
const MOST_KEPT = 100;
const MOST_NAMED = 3;
/** Names and values of a rebuilt model are anybody's text; a verdict travels through a state machine, which takes 256 KB in all. */
const LONGEST_KEPT = 300;
/** Values up to this length are named with what differs; hashes are not worth reading. */
const LONGEST_SHOWN = 60;

const WORDS: Readonly<Record<DifferenceKind, string>> = {
  data: 'the data is not what it was',
  code: 'the code is not what it was',
  parameters: 'the parameters are not what they were',
  environment: 'the environment is not what it was',
  artifact: 'what is stored of the first model is not what its run recorded',
  model: 'the model is another one',
};

/**
 * The verdict on a reproduction: reproduced when nothing differs. Kinds are named in the order of cause, so that a reader sees first
 * what explains the rest.
 * @param filesCompared files of the model that were compared; 0 when nothing was trained, because inputs had changed
 */
export function verdictOf(found: readonly Difference[], filesCompared: number): ReproductionVerdict {
  const differences = found.map(shortened);
  if (differences.length === 0)
    return {
      outcome: 'reproduced',
      summary: `reproduced: all ${filesCompared} files of the model are the same, byte for byte`,
      differed: [],
      filesCompared,
      predictions: null,
    };
  const kinds = DIFFERENCE_KINDS.filter((kind) => differences.some((difference) => difference.kind === kind));
  const parts = kinds.map(
    (kind) => `${WORDS[kind]} (${named(differences.filter((difference) => difference.kind === kind))})`,
  );
  return {
    outcome: 'not-reproduced',
    summary: `not reproduced: ${parts.join('; ')}${remark(kinds, filesCompared)}`,
    differed: kinds.flatMap((kind) =>
      differences.filter((difference) => difference.kind === kind).slice(0, Math.floor(MOST_KEPT / kinds.length)),
    ),
    filesCompared,
    predictions: null,
  };
}

function shortened({ kind, what, original, again }: Difference): Difference {
  const cut = (text: string) => (text.length > LONGEST_KEPT ? `${text.slice(0, LONGEST_KEPT)}…` : text);
  return { kind, what: cut(what), original: original && cut(original), again: again && cut(again) };
}

function remark(kinds: readonly DifferenceKind[], filesCompared: number): string {
  if (filesCompared === 0) return '; nothing was trained';
  if (!kinds.includes('model')) return '; the model itself is the same, byte for byte';
  return kinds.length === 1 ? '; data, code, parameters and environment are the same' : '';
}

function named(differences: readonly Difference[]): string {
  const shown = differences.slice(0, MOST_NAMED).map(({ what, original, again }) => {
    if (original === null) return `${what} is new`;
    if (again === null) return `${what} is gone`;
    const short = original.length <= LONGEST_SHOWN && again.length <= LONGEST_SHOWN;
    return short ? `${what}: ${original}, now ${again}` : what;
  });
  const more = differences.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
