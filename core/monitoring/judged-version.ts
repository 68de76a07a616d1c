/** A version that answered in a window. */
export interface AnsweringVersion {
  readonly packageArn: string;
  /** Rows that can be held against its baseline. */
  readonly rows: number;
  /** ISO instant of its last answer; empty where no record says when it was. */
  readonly lastAt: string;
}

/** Records without a time are older than every other. */
const timeOf = ({ lastAt }: AnsweringVersion): number => (lastAt === '' ? 0 : Date.parse(lastAt));

/** Versions whose last answers lie this close answered side by side to the end: a canary that was still on its way. */
const TOGETHER_MILLISECONDS = 5 * 60_000;

/**
 * The version that a window's verdicts are about: of those with enough rows (where none has, of all) the one that answered last. Of those
 * that answered side by side to the end the one that the window was judged as before, else the one that was kept, else the one with
 * most rows. Undefined without any.
 * @param kept packages in the order in which they are preferred: judged before, live now
 */
export function judgedVersion<V extends AnsweringVersion>(
  versions: readonly V[],
  minimumRows: number,
  kept: readonly (string | undefined)[],
): V | undefined {
  const enough = versions.filter(({ rows }) => rows >= minimumRows);
  const among = enough.length > 0 ? enough : versions;
  const last = Math.max(...among.map(timeOf));
  const together = among
    .filter((version) => last - timeOf(version) <= TOGETHER_MILLISECONDS)
    .toSorted((a, b) => b.rows - a.rows || (a.packageArn < b.packageArn ? -1 : 1));
  return kept.flatMap((name) => together.find(({ packageArn }) => packageArn === name) ?? [])[0] ?? together[0];
}

/** The package that gave an answer: the one it names, else the one that is taken to have served then. `at` in epoch milliseconds. */
export function answeredBy(
  named: string | null,
  at: number,
  {
    live,
    since,
    before,
  }: { readonly live: { readonly packageArn: string }; readonly since: string; readonly before: string | null },
): string {
  return named ?? (before === null || at >= Date.parse(since) ? live.packageArn : before);
}
