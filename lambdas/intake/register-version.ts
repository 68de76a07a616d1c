import { datasetKeys } from '../../contracts/keys.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { type DatasetDetail, type DatasetSource, recordSort } from '../../contracts/records.ts';
import { schemaHash } from '../../core/intake/stored-columns.ts';
import { sha256 } from '../../core/lineage/canonical-json.ts';
import { lineageRecord } from '../../core/lineage/lineage-record.ts';
import { packed } from '../aws/packed-json.ts';
import type { IntakeTools } from './intake-tools.ts';
import type { StorableContent, StorablePart } from './storable-content.ts';

/** Sources that the record itself lists; a record has at most 300 KB. */
const LISTED_SOURCES = 100;

/** What is registered. */
export interface Registration {
  readonly model: ModelConfig;
  readonly execution: string;
  readonly content: StorableContent;
  readonly sources: readonly DatasetSource[];
  readonly comparedWith: string | null;
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
  for (const [index, part] of content.parts.entries()) {
    const hash = await part.sha256();
    const key = keys.part(index, hash);
    await putPart(key, part, tools);
    parts.push({ key, sha256: hash });
  }
  const put = async (value: unknown, keyOf: (hash: string) => string): Promise<StoredFile> => {
    const bytes = await packed(value);
    const hash = sha256(bytes);
    await tools.lake.putBytes(keyOf(hash), bytes, 'application/gzip');
    return { key: keyOf(hash), sha256: hash };
  };
  const profile = await put(await content.profile(), keys.profile);
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

async function putPart(key: string, part: StorablePart, { lake }: Pick<IntakeTools, 'lake'>): Promise<void> {
  // Named by its content: what a try before this one wrote is the same.
  const [there] = await lake.list(key);
  if (there?.key === key && there.size === (await part.bytes())) return;
  await part.put(key);
}

async function listed(
  sources: readonly DatasetSource[],
  put: (sources: readonly DatasetSource[]) => Promise<StoredFile>,
): Promise<{ readonly sources: readonly DatasetSource[]; readonly list?: StoredFile }> {
  if (sources.length <= LISTED_SOURCES) return { sources };
  return { sources: sources.slice(0, LISTED_SOURCES), list: await put(sources) };
}
