import { join } from 'node:path';
import { z } from 'zod';
import { FindingSchema } from '../../../contracts/findings.ts';
import type { ShardOutcome } from '../../../contracts/large-upload.ts';
import { acceptedRows } from '../accepted-rows.ts';
import { collectFindings } from '../findings.ts';
import { type QuarantineFile, quarantineFile } from '../quarantine-file.ts';
import { rowSample } from '../row-sample.ts';
import { type JudgeReadRequest, judgeRead, type ReadRows, type ValidatedFile } from '../validate-file.ts';
import { contentHasher, type Part } from '../write-parts.ts';
import { mergeFindings, readShards } from './merge-findings.ts';
import { eachRow, spooledBlocks } from './row-spool.ts';

/** What a shard left behind; each is read when it is needed, and the rows may be read twice. */
export interface Shard {
  readonly outcome: ShardOutcome;
  /** Its Parquet parts as local files. */
  parts(): Promise<readonly Part[]>;
  rows(): AsyncIterable<Uint8Array>;
  /** Lines of its quarantine file. */
  quarantine(): AsyncIterable<string>;
}

export interface MergeRequest extends JudgeReadRequest {
  readonly shards: readonly Shard[];
}

/**
 * Puts the shards of an upload together and judges the whole: the answer is the one that `validateFile` gives for the whole upload, but
 * for how the accepted rows are divided into parts.
 */
export async function mergeShards(request: MergeRequest): Promise<ValidatedFile> {
  const findings = collectFindings(request.schema.severities);
  const quarantine = quarantineFile(join(request.folder, 'quarantine.jsonl'));
  const shards = readShards(request.shards);
  const outcomes = shards.map(({ outcome }) => outcome);
  mergeFindings(outcomes, findings);
  const places = acceptedRows();
  await mergeQuarantines(shards, quarantine, places.skip);
  const sum = (count: (outcome: ShardOutcome) => number) => outcomes.reduce((total, one) => total + count(one), 0);
  const [rows, setAside] = [sum((outcome) => outcome.rows), sum((outcome) => outcome.setAside)];
  const read = { rows, setAside, accepted: rows - setAside, rowNumber: places.rowNumber };
  const content =
    findings.rejected() || read.accepted === 0
      ? { parts: [], contentHash: '', sample: [] }
      : await contentOf(shards, request);
  return judgeRead(request, { ...read, ...content }, findings, quarantine);
}

async function contentOf(
  shards: readonly Shard[],
  { schema }: MergeRequest,
): Promise<Pick<ReadRows, 'parts' | 'contentHash' | 'sample' | 'hashWithout'>> {
  const parts: Part[] = [];
  for (const shard of shards) parts.push(...(await shard.parts()));
  const hasher = contentHasher(schema);
  const sample = rowSample<string>();
  for await (const block of blocksOf(shards)) {
    hasher.update(block);
    eachRow(block, (start, next) => {
      if (!sample.wants()) return;
      const line = block.toString('utf8', start, next - 1);
      sample.keep(line, line.length);
    });
  }
  return {
    parts,
    contentHash: hasher.digest('hex'),
    sample: sample.rows(),
    hashWithout: async (dropped) => hashWithout(new Set(dropped), shards, schema),
  };
}

async function hashWithout(
  dropped: ReadonlySet<number>,
  shards: readonly Shard[],
  schema: MergeRequest['schema'],
): Promise<string> {
  const hasher = contentHasher(schema);
  let place = 0;
  for await (const block of blocksOf(shards)) {
    let from = 0;
    eachRow(block, (start, next) => {
      if (!dropped.has(place++)) return;
      hasher.update(block.subarray(from, start));
      from = next;
    });
    hasher.update(block.subarray(from));
  }
  return hasher.digest('hex');
}

async function* blocksOf(shards: readonly Shard[]): AsyncGenerator<Buffer> {
  for (const shard of shards) yield* spooledBlocks(shard.rows());
}

const QuarantinedRowSchema = z.object({ row: z.int(), findings: z.array(FindingSchema), raw: z.string() });

/** One quarantine file of all shards, its rows counted from the upload's first. */
async function mergeQuarantines(
  shards: readonly Shard[],
  quarantine: QuarantineFile,
  skip: (row: number) => void,
): Promise<void> {
  let before = 0;
  for (const { outcome, quarantine: lines } of shards) {
    for await (const line of lines()) {
      const { row, findings, raw } = QuarantinedRowSchema.parse(JSON.parse(line));
      const counted = findings.map((finding) => ({ ...finding, row: row + before }));
      quarantine.add(row + before, counted, raw);
      skip(row + before);
    }
    before += outcome.rows;
  }
}
