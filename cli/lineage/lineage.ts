import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { EvidenceFile } from '../../contracts/lineage.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import { answeringWindow } from '../../core/lineage/answering-window.ts';
import { findRecord } from '../../core/lineage/find-record.ts';
import { type Lineage, linkRecords, relatedTo } from '../../core/lineage/lineage-graph.ts';
import { lineageTree } from '../../core/lineage/lineage-tree.ts';
import { openLineageEvents } from '../../core/lineage/open-lineage.ts';
import { lineagePage } from '../../core/report/lineage-page.ts';
import { liveDeployment } from '../../rehearsal/play/lineage-lines.ts';
import { flag, textOption } from '../arguments.ts';
import type { Arguments } from '../command.ts';
import type { ExitCode, Io } from '../io.ts';
import { recordsOf } from './record-source.ts';
import { idsInLake, idsLeft } from './window-ids.ts';

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
  const graph = relatedTo(linked, await recordNamed(linked, wanted, source, args));
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

/** The record a person means, or the window that answered the prediction of that id. */
async function recordNamed(linked: Lineage, wanted: string, source: EvidenceFile, args: Arguments): Promise<string> {
  try {
    return findRecord(linked, wanted, liveRecord(source));
  } catch (error) {
    if (!(error instanceof ModelwayError && error.code === 'unknown-record')) throw error;
    const left = flag(args, 'rehearsal') || textOption(args, 'records') !== undefined;
    const idsOf = left ? idsLeft(source) : await idsInLake(source);
    const window = await answeringWindow(source.records, idsOf, wanted);
    if (window === undefined) throw error;
    return window;
  }
}

const liveRecord = (source: EvidenceFile) => liveDeployment(source.records)?.sk;
