import { featureName } from '../../contracts/features.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { MonitoringSettings } from '../../contracts/monitoring-config.ts';

/** Mean length of a month. */
const HOURS_A_MONTH = 730.5;

/** A budget that allows more is not used up: with few windows a month it would call every second one a drift. */
const HIGHEST_RATE = 0.05;

/** How a window is judged. */
export interface DriftSettings {
  /** False alarms a month one is ready to accept. */
  readonly falseAlarmsPerMonth: number;
  readonly windowHours: number;
  /** Windows judged a month. Left out: as many as follow one another. */
  readonly windowsPerMonth?: number;
  /** Smallest Jensen–Shannon distance beyond chance that counts (for missing and new values: change of share). */
  readonly effectFloor: number;
  readonly minimumRows: number;
  /** Features whose cycle is longer than the window, which therefore differ from the baseline by nature: shown, never tested. */
  readonly notComparable: readonly string[];
}

const HOURS = { hour: 1, day: 24, week: 168 } as const satisfies Record<ModelConfig['monitoring']['every'], number>;

/** The settings a model's config asks for. */
export function driftSettings(model: {
  readonly features: ModelConfig['features'];
  readonly monitoring: Pick<MonitoringSettings, 'every' | 'falseAlarmsPerMonth' | 'effectFloor' | 'minimumRows'>;
}): DriftSettings {
  const { every, falseAlarmsPerMonth, effectFloor, minimumRows } = model.monitoring;
  const windowHours = HOURS[every];
  const cycle = { hour: HOURS.day, weekday: HOURS.week };
  const notComparable = model.features
    .filter(({ kind }) => (kind === 'hour' || kind === 'weekday') && windowHours < cycle[kind])
    .map(featureName);
  return { falseAlarmsPerMonth, windowHours, effectFloor, minimumRows, notComparable };
}

export function windowsPerMonth(settings: DriftSettings): number {
  return settings.windowsPerMonth ?? HOURS_A_MONTH / settings.windowHours;
}

/** The false discovery rate that keeps false alarms within the monthly budget, at most 5 % a window. */
export function falseDiscoveryRate(settings: DriftSettings): number {
  return Math.min(HIGHEST_RATE, settings.falseAlarmsPerMonth / windowsPerMonth(settings));
}
