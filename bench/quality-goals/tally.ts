/** Sums over replicates, by what was counted; each is divided by its own number of trials. */
export class Tally {
  readonly #sums = new Map<string, { total: number; trials: number }>();

  add(what: string, value: number): void {
    this.#increase(what, { total: value, trials: 1 });
  }

  /** Adds what another process counted. */
  addAll(entries: TallyEntries): void {
    for (const [what, sums] of entries) this.#increase(what, sums);
  }

  mean(what: string): number {
    const { total, trials } = this.#sums.get(what) ?? { total: 0, trials: 0 };
    return total / trials;
  }

  trials(what: string): number {
    return this.#sums.get(what)?.trials ?? 0;
  }

  /** All sums, to be sent. */
  entries(): TallyEntries {
    return [...this.#sums];
  }

  #increase(what: string, by: { readonly total: number; readonly trials: number }): void {
    const { total, trials } = this.#sums.get(what) ?? { total: 0, trials: 0 };
    this.#sums.set(what, { total: total + by.total, trials: trials + by.trials });
  }
}

/** A tally as plain data. */
export type TallyEntries = readonly (readonly [string, { readonly total: number; readonly trials: number }])[];
