import type { RetrainingInput } from '../../contracts/machines.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { DatasetDetail } from '../../contracts/records.ts';
import type { NewestWindow, Standing } from './window-findings.ts';

export type Policy = ModelConfig['retraining'];

/** A training run that came as far as the gates. */
export interface PastRun {
  readonly id: string;
  /** When it was judged, ISO. */
  readonly at: string;
  readonly datasetVersions: readonly string[];
  /** Did it make a model package? */
  readonly passed: boolean;
}

/** All that is known when somebody asks for a training run. */
export interface RetrainingFacts {
  readonly request: RetrainingInput;
  readonly now: Date;
  /** When it was asked first; later than that, it is asked again. */
  readonly askedAt: Date;
  /** Dataset versions of the model's present schema, oldest first; of very many those that were taken in last. */
  readonly datasets: readonly DatasetDetail[];
  /** The last judged runs, oldest first. */
  readonly runs: readonly PastRun[];
  /** Has any run ever passed its gates? */
  readonly everPassed: boolean;
  /** A run that has begun and was not judged yet. */
  readonly inFlight: string | undefined;
  /** When the live model went live, ISO; undefined before the first. */
  readonly liveSince: string | undefined;
  readonly standing: Standing;
  readonly newestWindow: NewestWindow | undefined;
  /** Hashes of code and training settings: what the live model was made with (undefined when nobody knows), and what is deployed. */
  readonly recipe: { readonly live: string | undefined; readonly deployed: string };
  /** Estimated dollars: of the runs begun this calendar month, and of one more; null when a price is not in the list. */
  readonly cost: { readonly spent: number | null; readonly estimate: number | null };
  /** An execution that waits to ask again for the same trigger. */
  readonly waiting: string | undefined;
}

export interface RetrainingDecision {
  readonly decision: 'retrain' | 'wait';
  /** Why, in words for people. */
  readonly reason: string;
  /** Dataset versions to train on, oldest first; empty when waiting. */
  readonly datasetVersions: readonly string[];
  /** ISO instant at which the same is to be asked again; null when something else must happen first. */
  readonly askAgainAt: string | null;
  /** What a person should look at beside any training; null when nothing. */
  readonly review: string | null;
}
