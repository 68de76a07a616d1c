import type { ColumnFeature } from '../../profile/watched.ts';
import type { CapturedBatch } from './captured-batch.ts';
import { clearFacts, factsOf, type RowFacts, rowFacts } from './row-facts.ts';
import { clearRows, featuresOf, type RowStore, rowStore } from './row-store.ts';

/** Groups held at a time: two versions of a model, with what was not asked or not answered. With more the rows of all are handed on. */
const MOST_GROUPS = 8;

/** What all rows of a batch have in common. */
export type Alike = Pick<CapturedBatch, 'asked' | 'answered' | 'modelPackage'>;

/** Rows being gathered that are alike. */
export interface RowGroup extends Alike {
  readonly store: RowStore;
  readonly facts: RowFacts;
}

/** Rows by group. */
export interface RowGroups {
  /** The group of rows of one kind, made if there is none. */
  readonly groupOf: (alike: Alike) => RowGroup;
  /** Hands on the rows of a group. */
  readonly handOn: (group: RowGroup) => void;
  /** Hands on all rows. */
  readonly end: () => void;
}

/** No rows. Batches of one group come in the order of its rows. */
export function rowGroups(
  columns: readonly string[],
  features: readonly ColumnFeature[],
  take: (batch: CapturedBatch) => void,
): RowGroups {
  let groups: RowGroup[] = [];
  const handOn = (group: RowGroup) => {
    const { store, facts, asked, answered, modelPackage } = group;
    if (facts.rows > 0) take({ asked, answered, modelPackage, ...factsOf(facts), ...featuresOf(store, facts.rows) });
    clearRows(store);
    clearFacts(facts);
  };
  const end = () => {
    for (const group of groups) handOn(group);
  };
  const groupOf = (alike: Alike): RowGroup => {
    for (const group of groups)
      if (group.modelPackage === alike.modelPackage && group.asked === alike.asked && group.answered === alike.answered)
        return group;
    if (groups.length === MOST_GROUPS) {
      end();
      groups = [];
    }
    const group = { ...alike, store: rowStore(columns, features), facts: rowFacts() };
    groups.push(group);
    return group;
  };
  return { groupOf, handOn, end };
}
