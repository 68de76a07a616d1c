import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ColumnNameSchema } from '../../contracts/data-schema.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import {
  BusinessMetricSchema,
  MonitoringSchema,
  type MonitoringSettings,
  monitoringWithDefaults,
} from '../../contracts/monitoring-config.ts';
import { ModelwayError, type Problem, parseOrThrow, problemsOf } from '../../contracts/problems.ts';
import { listOption, textOption } from '../arguments.ts';
import type { Arguments } from '../command.ts';

/** What was asked of `modelway quality`, checked. */
export interface QualityRequest {
  readonly reference: readonly string[];
  readonly current: readonly string[];
  readonly columns: ColumnRoles;
  readonly threshold: number;
  readonly slices: readonly string[];
  readonly protected: readonly string[];
  readonly labelFiles: readonly string[];
  /** Undefined: all rows are one window. */
  readonly window: MonitoringSettings['every'] | undefined;
  readonly monitoring: MonitoringSettings;
  readonly html: string | undefined;
}

/** Which column holds what. */
export interface ColumnRoles {
  readonly score: string;
  readonly label: string | undefined;
  readonly value: string | undefined;
  readonly id: string | undefined;
  readonly row: string | undefined;
  readonly time: string | undefined;
}

const NUMBER = z.coerce.number();
const QUALITY = MonitoringSchema.shape.quality.unwrap().shape;
const TypedSchema = z.object({
  score: ColumnNameSchema,
  threshold: NUMBER.default(0.5),
  window: z.enum(['hour', 'day', 'week']).optional(),
  metric: QUALITY.metric,
  margin: NUMBER.pipe(QUALITY.margin.unwrap()).optional(),
  'minimum-labels': NUMBER.pipe(QUALITY.minimumLabels.unwrap()).optional(),
  'label-horizon': NUMBER.pipe(QUALITY.labelHorizonDays.unwrap()).optional(),
  'maximum-gap': NUMBER.pipe(MonitoringSchema.shape.maximumFairnessGap.unwrap()).optional(),
});
type Typed = z.infer<typeof TypedSchema>;

/** Reads and checks what was typed. @throws ModelwayError naming every problem at once */
export async function qualityRequest(
  args: Arguments,
  model: ModelConfig | undefined,
  cwd: string,
): Promise<QualityRequest> {
  const typed = TypedSchema.safeParse(args.values);
  const problems = [
    ...(typed.success ? [] : problemsOf(typed.error, args.values).map(asOption)),
    ...missing(args),
    ...lonely(args, model),
  ];
  if (problems.length > 0 || !typed.success) throw new ModelwayError('wrong-use', 'input', problems);
  const protectedColumns = listOr(listOption(args, 'protected'), model?.data.protected);
  const time = textOption(args, 'time') ?? model?.data.time;
  const labelFiles = listOption(args, 'labels');
  return {
    reference: listOption(args, 'reference'),
    current: listOption(args, 'current'),
    columns: {
      score: typed.data.score,
      label: textOption(args, 'label') ?? model?.data.target,
      value: textOption(args, 'value'),
      id: textOption(args, 'id'),
      row: textOption(args, 'row'),
      time,
    },
    threshold: typed.data.threshold,
    slices: listOr(listOption(args, 'slice'), model?.monitoring.quality.slices),
    protected: protectedColumns,
    labelFiles,
    // Late labels are mature day by day, even where no windows are asked for.
    window: typed.data.window ?? (labelFiles.length > 0 && time !== undefined ? 'day' : undefined),
    monitoring: await monitoringOf(args, typed.data, model, protectedColumns, cwd),
    html: textOption(args, 'html'),
  };
}

const asOption = (problem: Problem): Problem => ({
  fix: 'see modelway help quality',
  ...problem,
  path: `--${problem.path}`,
});

function missing(args: Arguments): readonly Problem[] {
  return (['reference', 'current'] as const)
    .filter((option) => listOption(args, option).length === 0)
    .map((option) => ({ path: `--${option}`, message: 'is missing', fix: `name files or folders: --${option} FILE` }));
}

/** Options that mean nothing without another. */
function lonely(args: Arguments, model: ModelConfig | undefined): readonly Problem[] {
  const has = (option: string) => textOption(args, option) !== undefined || listOption(args, option).length > 0;
  const needs: readonly (readonly [string, string, boolean])[] = [
    ['labels', 'id', has('id')],
    ['row', 'id', has('id')],
    ['window', 'time', has('time') || model?.data.time !== undefined],
  ];
  return needs
    .filter(([option, , given]) => has(option) && !given)
    .map(([option, other]) => ({ path: `--${option}`, message: `needs --${other}`, fix: `give --${other} too` }));
}

const listOr = (typed: readonly string[], configured: readonly string[] | undefined): readonly string[] =>
  typed.length > 0 ? typed : (configured ?? []);

async function monitoringOf(
  args: Arguments,
  typed: Typed,
  model: ModelConfig | undefined,
  protectedColumns: readonly string[],
  cwd: string,
): Promise<MonitoringSettings> {
  const settings = model?.monitoring ?? monitoringWithDefaults(undefined, protectedColumns);
  const file = textOption(args, 'business');
  return {
    ...settings,
    quality: {
      ...settings.quality,
      metric: typed.metric ?? settings.quality.metric,
      margin: typed.margin ?? settings.quality.margin,
      minimumLabels: typed['minimum-labels'] ?? settings.quality.minimumLabels,
      labelHorizonDays: typed['label-horizon'] ?? settings.quality.labelHorizonDays,
    },
    maximumFairnessGap: typed['maximum-gap'] ?? settings.maximumFairnessGap,
    business: file === undefined ? settings.business : await businessOf(resolve(cwd, file)),
  };
}

async function businessOf(path: string): Promise<MonitoringSettings['business']> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelwayError(
      'unreadable-business',
      'input',
      [
        {
          path: '--business',
          message: `could not be read: ${reason}`,
          fix: 'name a JSON file with a list of {name, unit, expression, target}',
        },
      ],
      { cause },
    );
  }
  return parseOrThrow(z.array(BusinessMetricSchema).max(10), document, 'invalid-business');
}
