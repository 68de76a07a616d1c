/**
 * Numbers in the file of the rows that were accepted, told from the numbers of those that were not: what is kept grows with the
 * quarantined rows only.
 */
export interface AcceptedRows {
  /** Notes that a row was set aside; rows come in increasing order. */
  skip(row: number): void;
  /** The 1-based number in the file of the accepted row at a 0-based place. */
  rowNumber(place: number): number;
}

export function acceptedRows(): AcceptedRows {
  const skipped: number[] = [];
  return {
    skip: (row) => {
      skipped.push(row);
    },
    rowNumber: (place) => {
      // The k-th skipped row (from 0) has `skipped[k] - 1 - k` accepted rows before it, which never decreases with k.
      let [low, high] = [0, skipped.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((skipped[middle] ?? 0) - 1 - middle <= place) low = middle + 1;
        else high = middle;
      }
      return place + 1 + low;
    },
  };
}
