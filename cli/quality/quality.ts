import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { ModelwayError, type Problem } from '../../contracts/problems.ts';
import type { QualityReport } from '../../contracts/quality.ts';
import type { ColumnType } from '../../core/business/business-expression.ts';
import { readyMetrics } from '../../core/business/business-metrics.ts';
import { watchedFeatures } from '../../core/profile/watched.ts';
import { assessQuality } from '../../core/quality/assess-quality.ts';
import { qualityPage } from '../../core/report/quality-page.ts';
import { flag } from '../arguments.ts';
import { chosenModel } from '../chosen-model.ts';
import type { Arguments } from '../command.ts';
import { uniqueNumbers } from '../drift/identifier-columns.ts';
import { type RowFiles, rowFiles } from '../drift/row-files.ts';
import { inferredModel } from '../drift/watched-model.ts';
import type { ExitCode, Io } from '../io.ts';
import { expandFiles } from '../validate/expand-files.ts';
import { withDuck } from '../with-duck.ts';
import { countCurrent } from './count-current.ts';
import { setupFrom } from './held-out-rows.ts';
import { lateLabels } from './label-files.ts';
import { type QualityRequest, qualityRequest } from './quality-request.ts';
import { qualityText } from './quality-text.ts';

/** Same files, same report. */
const SEED = 7;

/** `modelway quality`: how well a model does on local files, with labels and without; 1 when something is wrong. */
export async function quality(args: Arguments, io: Io): Promise<ExitCode> {
  const model = await chosenModel(args, io.cwd);
  const request = await qualityRequest(args, model, io.cwd);
  const report = await judged(request, model, io);
  if (request.html !== undefined) await writeFile(resolve(io.cwd, request.html), qualityPage('Quality', report));
  io.out(flag(args, 'json') ? `${JSON.stringify(report, null, 2)}\n` : qualityText(report));
  return isBad(report) ? 1 : 0;
}

function isBad({ verdict, conceptDrift, fairness, business }: QualityReport): boolean {
  return (
    verdict === 'worse' ||
    conceptDrift.verdict === 'concept-drift' ||
    fairness.some((one) => one.verdict === 'gap') ||
    business.some((one) => one.verdict === 'missed')
  );
}

async function judged(request: QualityRequest, model: ModelConfig | undefined, io: Io): Promise<QualityReport> {
  return withDuck(async (duck) => {
    const open = async (paths: readonly string[]) => rowFiles(duck, await expandFiles(paths, io.cwd), io.cwd);
    const [reference, current] = [await open(request.reference), await open(request.current)];
    checkColumns(request, reference, current);
    const features = watchedFeatures({ features: await featuresOf(reference, current, model, request, io) });
    const business = readyMetrics(request.monitoring.business, typesOf(current, request), 'business');
    const { setup, leftOut, withoutTime } = await setupFrom(reference, features, business, request);
    const late = request.labelFiles.length === 0 ? undefined : await lateLabels(request.labelFiles, io);
    const rows = await countCurrent(current, { setup, features, business }, late, request);
    for (const [side, count] of [
      ['reference', leftOut],
      ['current', rows.leftOut],
    ] as const)
      if (count > 0) io.err(`${side}: ${count} rows left out, for want of a score, a label or a time\n`);
    if (request.columns.time !== undefined)
      for (const [side, count, meaning] of [
        ['reference', withoutTime, 'so days are not known, and rows pass for independent'],
        ['current', rows.withoutTime, 'so they pass for a day of their own'],
      ] as const)
        if (count > 0)
          io.err(
            `${side}: ${count} rows have no time that can be read in column ${request.columns.time}, ${meaning}\n`,
          );
    const { quality: settings, maximumFairnessGap } = request.monitoring;
    return assessQuality({
      setup,
      rules: { quality: settings, maximumFairnessGap, business },
      windows: rows.windows,
      now: late === undefined ? Number.POSITIVE_INFINITY : Math.max(rows.newest, late.newest),
      seed: SEED,
    });
  });
}

/** The model's own features; else every column of both sides that plays no other role. */
async function featuresOf(
  reference: RowFiles,
  current: RowFiles,
  model: ModelConfig | undefined,
  { columns }: QualityRequest,
  io: Io,
) {
  if (model !== undefined) return model.features;
  const roles: readonly (string | undefined)[] = Object.values(columns);
  const { features } = await inferredModel(reference);
  const usable = features.filter(({ column }) => !roles.includes(column) && current.columns.has(column));
  const identifiers = await uniqueNumbers(reference);
  const named = usable.filter(({ column }) => identifiers.includes(column)).map(({ column }) => column);
  if (named.length > 0) io.err(`not watched, because every row has another value: ${named.join(', ')}\n`);
  return usable.filter(({ column }) => !identifiers.includes(column));
}

/** Expressions read the label as `label`, not as a column. */
function typesOf({ columns }: RowFiles, request: QualityRequest): ReadonlyMap<string, ColumnType> {
  const types = [...columns].map(([name, kind]): [string, ColumnType] => [name, kind === 'instant' ? 'text' : kind]);
  return new Map(types.filter(([name]) => name !== request.columns.label));
}

/** The label may be missing from the current files: then nothing is known yet, or label files tell. */
function checkColumns({ columns, slices, protected: groups }: QualityRequest, reference: RowFiles, current: RowFiles) {
  const both = [columns.score, ...slices, ...groups];
  const wanted: readonly (readonly [string, RowFiles, readonly (string | undefined)[]])[] = [
    ['reference', reference, [...both, columns.label]],
    ['current', current, [...both, columns.value, columns.id, columns.row, columns.time]],
  ];
  const problems = wanted.flatMap(([side, files, names]) =>
    [...new Set(names)].flatMap((name): Problem[] =>
      name === undefined || files.columns.has(name)
        ? []
        : [
            {
              path: `--${side}`,
              message: `has no column ${name}`,
              fix: `name one of its columns: ${[...files.columns.keys()].slice(0, 30).join(', ')}`,
            },
          ],
    ),
  );
  if (problems.length > 0) throw new ModelwayError('missing-columns', 'input', problems);
}
