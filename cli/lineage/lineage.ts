import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { EvidenceFile } from '../../contracts/lineage.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { findRecord } from '../../core/lineage/find-record.ts';
import { linkRecords, relatedTo } from '../../core/lineage/lineage-graph.ts';
import { lineageTree } from '../../core/lineage/lineage-tree.ts';
import { openLineageEvents } from '../../core/lineage/open-lineage.ts';
import { lineagePage } from '../../core/report/lineage-page.ts';
import { liveDeployment } from '../../rehearsal/play/lineage-lines.ts';
import { flag, textOption } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { recordsOf } from './record-source.ts';

/** `modelway lineage V`: what a record was made from, and what was made from it. */
export async function lineage(args: Arguments, io: Io): Promise<ExitCode> {
  const [wanted, ...more] = args.files;
  if (wanted === undefined || more.length > 0)
    throw new ModelwayError('wrong-use', 'input', [
      {
        path: 'V',
        message: wanted === undefined ? 'is missing' : 'is one record, these are several',
        fix: 'use it as: modelway lineage V, where V is live, the number of a package, or the id of a record',
      },
    ]);
  const source = await recordsOf(args, io.cwd);
  const linked = linkRecords(source.model, source.records);
  const graph = relatedTo(linked, findRecord(linked, wanted, liveRecord(source)));
  const page = textOption(args, 'html');
  if (page !== undefined) await writeFile(resolve(io.cwd, page), lineagePage(graph));
  if (flag(args, 'json')) io.out(`${JSON.stringify(graph, null, 2)}\n`);
  else if (flag(args, 'openlineage'))
    io.out(
      openLineageEvents(source.platform, graph)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(''),
    );
  else io.out(`${lineageTree(graph).join('\n')}\n`);
  return 0;
}

const liveRecord = (source: EvidenceFile) => liveDeployment(source.records)?.sk;
