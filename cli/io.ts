/** What a command may touch of the process around it; tests pass their own. */
export interface Io {
  /** Results: what a pipe reads. */
  readonly out: (text: string) => void;
  /** Progress and problems: what a person reads. */
  readonly err: (text: string) => void;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Asks a person yes or no; left out where nobody sits at a terminal. */
  readonly confirm?: (question: string) => Promise<boolean>;
}

/** 0: fine; 1: "no" (drift found, gate failed, invalid data); 2: wrong use or broken input. */
export type ExitCode = 0 | 1 | 2;
