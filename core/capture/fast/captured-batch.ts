/**
 * Rows of captured requests by column, without an object for any of them. All rows of a batch are alike: asked and answered or not, and
 * answered by one model package. Everything here holds during the call that hands it over, and is used again afterwards.
 */
export interface CapturedBatch {
  readonly rows: number;
  /** Whether the inputs could be read. If not, every feature is missing, and the rows belong in no profile of inputs. */
  readonly asked: boolean;
  /** Whether the answers could be read. If not, scores are NaN. */
  readonly answered: boolean;
  /** The model package that answered; null where the answer names none. */
  readonly modelPackage: string | null;
  /** Numeric features by name. NaN is missing; an infinity is a value that is there and no number, which profiles count as missing too. */
  readonly numbers: ReadonlyMap<string, Float64Array>;
  /** Category features by name. */
  readonly values: ReadonlyMap<string, CapturedValues>;
  readonly scores: Float64Array;
  /** When each row was answered, epoch milliseconds; NaN where the record says nothing. */
  readonly at: Float64Array;
  /** Place of each row in its request, from 0. */
  readonly places: Uint32Array;
  /** Truth captured with the rows, in records that were merged with it; NaN elsewhere. */
  readonly labels: Float64Array;
  /** The caller's inference id of a row's request; undefined when none was sent. */
  readonly idOf: (row: number) => string | undefined;
  /** Contributions of the features to a row's score; null when it was not explained. */
  readonly shapOf: (row: number) => readonly number[] | Float64Array | null;
}

/** A category feature of a batch: each row's place among the different values seen so far. */
export interface CapturedValues {
  /** −1 is missing. */
  readonly places: Int32Array;
  /** Different values so far. */
  readonly size: number;
  /** The same object as long as places keep their meaning: what was worked out for a place may be kept with it. */
  readonly meaning: object;
  /** The feature's value at a place; undefined when that value counts as missing. */
  readonly valueAt: (place: number) => string | undefined;
}
