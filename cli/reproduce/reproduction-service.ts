/** How far an execution of the reproduction machine is. */
export type Progress =
  | { readonly kind: 'running'; readonly state: string }
  | { readonly kind: 'succeeded'; readonly output: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** The reproduction machine of one model, wherever it runs. */
export interface ReproductionService {
  /** Starts a reproduction and answers how to find it again. */
  start(run: string): Promise<string>;
  look(execution: string): Promise<Progress>;
  /** Waits until it is worth looking again. */
  pause(): Promise<void>;
}
