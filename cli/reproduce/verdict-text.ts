import type { ReproductionDetail } from '../../contracts/reproduction.ts';

/** A verdict for people: the sentence, then every difference on a line of its own. */
export function verdictText({ run, summary, differed }: ReproductionDetail): string {
  const lines = differed.map(
    ({ kind, what, original, again }) =>
      `  ${kind.padEnd(11)} ${what}: ${original ?? 'not there'}, now ${again ?? 'not there'}`,
  );
  return `${[`run ${run} was ${summary}`, ...lines].join('\n')}\n`;
}
