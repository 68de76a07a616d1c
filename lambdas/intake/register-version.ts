import { stat } from 'node:fs/promises';
import { datasetKeys } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { type DatasetDetail, type DatasetSource, recordSort } from '../../contracts/records.ts';
import type { Duck } from '../../core/duckdb.ts';
import { schemaHash } from '../../core/intake/stored-columns.ts';
import type { AcceptedContent } from '../../core/intake/validate-file.ts';
import { sha256 } from '../../core/lineage/canonical-json.ts';
import { fileSha256 } from '../../core/lineage/file-hash.ts';
import { lineageRecord } from '../../core/lineage/lineage-record.ts';
import { packed } from '../aws/packed-json.ts';
import { contentProfile } from './content-profile.ts';
import type { IntakeTools } from './intake-tools.ts';

/** Sources that the record itself lists; a record has at most 300 KB. */
const LISTED_SOURCES = 100;

/** What is registered. */
export interface Registration {
  readonly model: ModelConfig;
  readonly execution: string;
  readonly content: AcceptedContent;
  readonly sources: readonly DatasetSource[];
  readonly comparedWith: string | null;
  readonly duck: Duck;
}

/**
 * Registers accepted rows as a dataset version, named by their hash. The record is written last, so that a version that can be found is
 * complete; what it names is named by its content, so that whoever registers the same rows at the same time changes nothing.
 */
export async function registerVersion(
  registration: Registration,
  tools: Pick<IntakeTools, 'lake' | 'lineage' | 'now'>,
): Promise<string> {
  const { model, execution, content, comparedWith } = registration;
  const version = content.contentHash.slice(0, 32);
  if ((await tools.lineage.get(model.name, recordSort('dataset', version))) !== undefined) return version;
  const keys = datasetKeys(model.name, version);
  const parts: StoredFile[] = [];
  for (const [index, { path }] of content.parts.entries()) {
    const hash = await fileSha256(path);
    const key = keys.part(index, hash);
    await putPart(key, path, tools);
    parts.push({ key, sha256: hash });
  }
  const put = async (value: unknown, keyOf: (hash: string) => string): Promise<StoredFile> => {
    const bytes = await packed(value);
    const hash = sha256(bytes);
    await tools.lake.putBytes(keyOf(hash), bytes, 'application/gzip');
    return { key: keyOf(hash), sha256: hash };
  };
  const profile = await put(await contentProfile(model, content, registration.duck), keys.profile);
  const { sources, list } = await listed(registration.sources, (all) => put(all, keys.sources));
  const detail: DatasetDetail = {
    version,
    contentHash: content.contentHash,
    parts: parts.map(({ key }) => key),
    profile: profile.key,
    files: [...parts, profile, ...(list === undefined ? [] : [list])],
    rows: content.rows,
    schemaHash: schemaHash(model.data),
    sources: [...sources],
    ...(list === undefined ? {} : { sourcesTotal: registration.sources.length, sourcesKey: list.key }),
    ...(comparedWith === null ? {} : { comparedWith }),
    ...(content.from === undefined ? {} : { from: content.from }),
    ...(content.to === undefined ? {} : { to: content.to }),
  };
  const parents = [recordSort('intake', execution)];
  const at = tools.now().toISOString();
  await tools.lineage.put(lineageRecord({ model: model.name, kind: 'dataset', id: version, at, parents, detail }));
  return version;
}

interface StoredFile {
  readonly key: string;
  readonly sha256: string;
}

async function putPart(key: string, path: string, { lake }: Pick<IntakeTools, 'lake'>): Promise<void> {
  // Named by its content: what a try before this one wrote is the same.
  const [there] = await lake.list(key);
  if (there?.key === key && there.size === (await stat(path)).size) return;
  await lake.putFile(key, path, 'application/vnd.apache.parquet');
}

async function listed(
  sources: readonly DatasetSource[],
  put: (sources: readonly DatasetSource[]) => Promise<StoredFile>,
): Promise<{ readonly sources: readonly DatasetSource[]; readonly list?: StoredFile }> {
  if (sources.length <= LISTED_SOURCES) return { sources };
  return { sources: sources.slice(0, LISTED_SOURCES), list: await put(sources) };
}
