import type { LineageTable } from '../aws/lineage-table.ts';

/** What monitoring reads of the lineage table; it writes nothing there. */
export type LineageReader = Pick<LineageTable, 'get' | 'between' | 'live'>;

/** A table that answers every question once and the same question again from memory, for as long as one step takes. */
export function readOnce(lineage: LineageReader): LineageReader {
  return {
    between: once((model, from, to, limit) => lineage.between(model, from, to, limit)),
    get: once((model, sk) => lineage.get(model, sk)),
    live: once((model) => lineage.live(model)),
  };
}

function once<A extends readonly unknown[], R>(ask: (...question: A) => R): (...question: A) => R {
  const known = new Map<string, R>();
  return (...question) => {
    const key = JSON.stringify(question);
    const answer = known.get(key) ?? ask(...question);
    known.set(key, answer);
    return answer;
  };
}
