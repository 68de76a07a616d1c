import type { EvidenceFile } from '../../contracts/lineage.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { type ReproductionDetail, ReproductionDetailSchema } from '../../contracts/reproduction.ts';
import { linkRecords } from '../../core/lineage/lineage-graph.ts';
import { detailOf } from '../../core/lineage/lineage-record.ts';
import { runBehind } from '../../core/reproduction/run-behind.ts';
import { liveDeployment } from '../../rehearsal/play/lineage-lines.ts';
import { flag, textOption } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { recordsOf } from '../lineage/record-source.ts';
import { onceMore } from './once-more.ts';
import { verdictText } from './verdict-text.ts';

/**
 * `modelway reproduce V`: builds a model again from its frozen inputs and says whether it came out the same; 1 when it did not. With
 * `--rehearsal` or `--records` it tells the verdict that is on record, and starts nothing.
 */
export async function reproduce(args: Arguments, io: Io): Promise<ExitCode> {
  const wanted = onlyRecord(args.files);
  const source = await recordsOf(args, io.cwd);
  const linked = linkRecords(source.model, source.records);
  const run = runBehind(linked, wanted, liveDeployment(source.records)?.sk);
  const recorded = flag(args, 'rehearsal') || textOption(args, 'records') !== undefined;
  const verdict = recorded ? recordedVerdict(source, run) : await onceMore(source, run, flag(args, 'yes'), io);
  if (verdict === undefined) return 2;
  io.out(flag(args, 'json') ? `${JSON.stringify(verdict, null, 2)}\n` : verdictText(verdict));
  return verdict.outcome === 'not-reproduced' ? 1 : 0;
}

function onlyRecord([wanted, ...more]: readonly string[]): string {
  if (wanted !== undefined && more.length === 0) return wanted;
  throw new ModelwayError('wrong-use', 'input', [
    {
      path: 'V',
      message: wanted === undefined ? 'is missing' : 'is one model, these are several',
      fix: 'use it as: modelway reproduce V, where V is live, the number of a package, or the id of a run',
    },
  ]);
}

/** The newest verdict on a run among records that were left. */
function recordedVerdict({ records, model }: EvidenceFile, run: string): ReproductionDetail {
  const played = records
    .flatMap((record) => {
      const detail = record.kind === 'reproduction' ? detailOf(record, ReproductionDetailSchema) : undefined;
      return detail === undefined ? [] : [{ at: record.at, detail }];
    })
    .toSorted((a, b) => a.at.localeCompare(b.at));
  const found = played.filter(({ detail }) => detail.run === run).at(-1);
  if (found !== undefined) return found.detail;
  const others = [...new Set(played.map(({ detail }) => detail.run))];
  throw new ModelwayError('no-reproduction', 'input', [
    {
      path: 'V',
      message: `no reproduction of this run of ${model} is on record`,
      got: run,
      fix: others.length === 0 ? 'none was played; reproduce it on AWS' : `on record are: ${others.join(', ')}`,
    },
  ]);
}
