import type { ModelConfig } from '../../contracts/model-config.ts';
import { type Baseline, BaselineSchema } from '../../contracts/profile.ts';
import { DatasetDetailSchema, recordSort } from '../../contracts/records.ts';
import { driftSettings } from '../../core/drift/settings.ts';
import { type Duck, quoteText } from '../../core/duckdb.ts';
import type { StoredType } from '../../core/intake/normalise/column.ts';
import type { PreviousVersion } from '../../core/intake/sample-rules.ts';
import { storedColumns } from '../../core/intake/stored-columns.ts';
import type { AcceptedContent } from '../../core/intake/validate-file.ts';
import { detailOf } from '../../core/lineage/lineage-record.ts';
import { baselineOfTable } from '../../core/profile/baseline-of-table.ts';
import type { ValueKind } from '../../core/profile/table.ts';
import { getPacked } from '../aws/packed-json.ts';
import type { IntakeTools } from './intake-tools.ts';

const KINDS: Readonly<Record<StoredType, ValueKind>> = {
  DOUBLE: 'number',
  BIGINT: 'number',
  VARCHAR: 'text',
  BOOLEAN: 'boolean',
  TIMESTAMP: 'instant',
};

/** The profile of accepted rows, over the features of the model: what the next version is compared with. */
export function contentProfile(model: ModelConfig, { parts, rows }: AcceptedContent, duck: Duck): Promise<Baseline> {
  const from = `read_parquet([${parts.map(({ path }) => quoteText(path)).join(', ')}])`;
  const columns = new Map(storedColumns(model.data).map(({ name, type }) => [name, KINDS[type]]));
  return baselineOfTable(model, { duck, from, columns, rows });
}

/** A registered version to tell drift against; undefined when it has no profile, as the oldest have. */
export async function versionToCompare(
  model: ModelConfig,
  version: string | null,
  { lake, lineage }: Pick<IntakeTools, 'lake' | 'lineage'>,
): Promise<PreviousVersion | undefined> {
  const record = version === null ? undefined : await lineage.get(model.name, recordSort('dataset', version));
  const key = record === undefined ? undefined : detailOf(record, DatasetDetailSchema)?.profile;
  if (key === undefined) return undefined;
  const baseline = await getPacked(lake, key, BaselineSchema);
  return { baseline, features: model.features, settings: driftSettings(model) };
}
