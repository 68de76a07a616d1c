import type { EvidenceFile } from '../../contracts/lineage.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { type LineageRecord, recordSort } from '../../contracts/records.ts';
import { type ReproductionDetail, type RunDetail, RunDetailSchema } from '../../contracts/reproduction.ts';
import { detailOf } from '../../core/lineage/lineage-record.ts';
import { priceText, reproductionPrice } from '../../core/reproduction/price.ts';
import type { Io } from '../io.ts';
import { follow } from './follow.ts';
import type { ReproductionService } from './reproduction-service.ts';

/** Where reproductions run: the machine of a model. */
export type ServiceOf = (platform: string, model: string) => Promise<ReproductionService>;

const onAws: ServiceOf = async (platform, model) =>
  (await import('./aws-reproductions.ts')).awsReproductions(platform, model);

/**
 * Says what a reproduction costs, asks unless `agreed`, starts it and waits for its verdict.
 * @returns undefined when somebody said no
 * @throws ModelwayError `not-confirmed` when nobody is there to ask
 */
export async function onceMore(
  { platform, model, records }: EvidenceFile,
  run: string,
  agreed: boolean,
  io: Io,
  serviceOf: ServiceOf = onAws,
): Promise<ReproductionDetail | undefined> {
  const price = priceText(reproductionPrice(runDetail(records, run)));
  if (!agreed && io.confirm === undefined)
    throw new ModelwayError('not-confirmed', 'input', [
      { path: '--yes', message: `there is no terminal to ask whether to start ${price}`, fix: 'add --yes' },
    ]);
  io.err(`reproducing run ${run} of ${model} takes ${price}\n`);
  if (!agreed && (await io.confirm?.('start it?')) !== true) {
    io.err('nothing was started\n');
    return undefined;
  }
  return follow(await serviceOf(platform, model), run, (line) => io.err(`${line}\n`));
}

function runDetail(records: readonly LineageRecord[], run: string): RunDetail {
  const record = records.find(({ sk }) => sk === recordSort('run', run));
  const detail = record === undefined ? undefined : detailOf(record, RunDetailSchema);
  if (detail !== undefined) return detail;
  throw new ModelwayError('not-reproducible', 'input', [
    {
      path: 'V',
      message: 'was recorded without code, image or hyperparameters',
      got: run,
      fix: 'name a run that modelway lineage shows with them; train again to get one',
    },
  ]);
}
