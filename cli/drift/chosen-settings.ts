import type { ModelConfig } from '../../contracts/model-config.ts';
import { monitoringWithDefaults } from '../../contracts/monitoring-config.ts';
import { ModelwayError, type Problem } from '../../contracts/problems.ts';
import { type DriftSettings, driftSettings } from '../../core/drift/settings.ts';
import { textOption } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import type { Every } from './sliced.ts';

/** How rows are judged: the settings, and whether small windows are pooled. */
export interface ChosenSettings {
  readonly settings: DriftSettings;
  readonly every: Every;
  readonly pool: boolean;
}

const WINDOWS: readonly Every[] = ['hour', 'day', 'week'];

/** Options that are numbers, with what they may be. */
const NUMBERS = {
  'windows-per-month': { fits: (value: number) => value > 0, allowed: 'a number above 0' },
  'false-alarms': { fits: (value: number) => value > 0 && value <= 100, allowed: 'a number above 0, at most 100' },
  'effect-floor': { fits: (value: number) => value >= 0 && value <= 1, allowed: 'a number from 0 to 1' },
  'minimum-rows': {
    fits: (value: number) => Number.isInteger(value) && value >= 1,
    allowed: 'a whole number of at least 1',
  },
} as const;
type NumberOption = keyof typeof NUMBERS;

/**
 * The model's monitoring settings, or the defaults, with what the options say instead.
 * @throws ModelwayError `wrong-use` that names every option that does not fit
 */
export function chosenSettings(
  args: Arguments,
  time: string | undefined,
  features: ModelConfig['features'],
  model: ModelConfig | undefined,
): ChosenSettings {
  const problems: Problem[] = [];
  const monitoring = model?.monitoring ?? monitoringWithDefaults(undefined, []);
  const every = chosenEvery(textOption(args, 'window'), time, monitoring.every, problems);
  const numberOf = (option: NumberOption) => chosenNumber(args, option, problems);
  const chosen = {
    falseAlarmsPerMonth: numberOf('false-alarms') ?? monitoring.falseAlarmsPerMonth,
    effectFloor: numberOf('effect-floor') ?? monitoring.effectFloor,
    minimumRows: numberOf('minimum-rows') ?? monitoring.minimumRows,
  };
  const windowsPerMonth = numberOf('windows-per-month');
  if (problems.length > 0) throw new ModelwayError('wrong-use', 'input', problems);
  const settings = driftSettings({ features, monitoring: { ...chosen, every } });
  return {
    settings: { ...settings, ...(windowsPerMonth === undefined ? {} : { windowsPerMonth }) },
    every,
    pool: monitoring.pool,
  };
}

function chosenEvery(
  typed: string | undefined,
  time: string | undefined,
  otherwise: Every,
  problems: Problem[],
): Every {
  const every = WINDOWS.find((name) => name === (typed ?? otherwise));
  if (typed !== undefined && time === undefined)
    problems.push({ path: '--window', message: 'slices by a column of instants', fix: 'name it: --time COL' });
  if (every !== undefined) return every;
  problems.push({
    path: '--window',
    message: `must be ${WINDOWS.join(', ')}`,
    got: typed ?? '',
    fix: 'name one of them',
  });
  return otherwise;
}

function chosenNumber(args: Arguments, option: NumberOption, problems: Problem[]): number | undefined {
  const typed = textOption(args, option);
  if (typed === undefined) return undefined;
  const value = typed.trim() === '' ? Number.NaN : Number(typed);
  const { fits, allowed } = NUMBERS[option];
  if (Number.isFinite(value) && fits(value)) return value;
  problems.push({
    path: `--${option}`,
    message: `must be ${allowed}`,
    got: typed,
    fix: `write a number: --${option} 1`,
  });
  return undefined;
}
