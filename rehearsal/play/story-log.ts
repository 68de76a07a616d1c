import type { RehearsalResult } from '../../contracts/rehearsal.ts';

type TimelineEntry = RehearsalResult['timeline'][number];

/** Collects what a rehearsal tells: stages with their real duration, notes in virtual time, figures. */
export interface StoryLog {
  /** Runs `act` as a named stage; the name of the stage that threw is kept as the station of the failure. */
  stage<T>(name: string, act: () => Promise<T>): Promise<T>;
  note(at: Date, what: string, who: string, ref: string): void;
  figure(name: string, value: number | string): void;
  readonly stages: readonly { name: string; seconds: number }[];
  readonly notes: readonly TimelineEntry[];
  readonly figures: Readonly<Record<string, number | string>>;
  /** The innermost stage that runs, or that failed; between two stages the one that ended: `after first upload`. */
  station(): string;
}

/** @param progress gets one line as each stage begins and ends; it goes to standard error */
export function storyLog(progress: (line: string) => void): StoryLog {
  const stages: { name: string; seconds: number }[] = [];
  const notes: TimelineEntry[] = [];
  const figures: Record<string, number | string> = {};
  let station = 'start';
  let depth = 0;
  return {
    stages,
    notes,
    figures,
    station: () => station,
    stage: async (name, act) => {
      const outer = station;
      station = name;
      depth += 1;
      const began = performance.now();
      const result = await act();
      const seconds = Math.round((performance.now() - began) / 10) / 100;
      stages.push({ name, seconds });
      progress(`${seconds.toFixed(1).padStart(6)} s  ${name}`);
      depth -= 1;
      station = depth === 0 ? `after ${name}` : outer;
      return result;
    },
    note: (at, what, who, ref) => notes.push({ at: at.toISOString(), what, who, ref }),
    figure: (name, value) => {
      figures[name] = value;
    },
  };
}
