import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { LineShards, ShardOutcome } from '../../../contracts/large-upload.ts';
import { collectFindings } from '../findings.ts';
import { quarantineFile } from '../quarantine-file.ts';
import { readRows, type ValidateFileRequest } from '../validate-file.ts';
import type { Part } from '../write-parts.ts';
import { rowSpool } from './row-spool.ts';

/** A shard as a local file: the header of the upload, where it has one, and the shard's own lines. */
export interface ShardRequest extends Omit<ValidateFileRequest, 'maxQuarantinedShare' | 'previous' | 'name' | 'spool'> {
  readonly format: LineShards['format'];
}

/** What a shard became; the paths lie in the request's folder. */
export interface ValidatedShard {
  readonly outcome: ShardOutcome;
  readonly parts: readonly Part[];
  /** Its accepted rows as they are hashed. */
  readonly spoolPath: string;
  readonly quarantinePath: string | null;
}

/** Judges every row of a shard by itself, with the code that reads whole files. @throws ModelwayError `unsupported-pattern` */
export async function validateShard(request: ShardRequest): Promise<ValidatedShard> {
  const { format, folder, path, schema } = request;
  const findings = collectFindings(schema.severities);
  const quarantine = quarantineFile(join(folder, 'quarantine.jsonl'));
  const spoolPath = join(folder, 'rows.spool');
  const spool = rowSpool(spoolPath);
  const splittable = format === 'json-lines' || !(await holdsQuote(path));
  // The name settles the format: a shard may begin with a line that looks like another one.
  const name = format === 'csv' ? 'shard.csv' : 'shard.jsonl';
  const read = splittable
    ? await readRows({ ...request, name, maxQuarantinedShare: 1, spool: spool.write }, findings, quarantine)
    : { rows: 0, setAside: 0, parts: [], stopped: undefined };
  spool.finish();
  const quarantinePath = quarantine.finish();
  return {
    parts: read.parts,
    spoolPath,
    quarantinePath,
    outcome: {
      splittable,
      rows: read.rows,
      setAside: read.setAside,
      stopped: read.stopped !== undefined,
      findings: [...findings.kept],
      findingsTotal: findings.total(),
      quarantined: quarantinePath !== null,
      parts: read.parts.map(({ rows }) => rows),
    },
  };
}

async function holdsQuote(path: string): Promise<boolean> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    if (Buffer.isBuffer(chunk) && chunk.includes('"')) return true;
  return false;
}
