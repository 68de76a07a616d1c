import type { ModelConfig } from '../../contracts/model-config.ts';
import { type Baseline, BaselineSchema } from '../../contracts/profile.ts';
import { DatasetDetailSchema, recordSort } from '../../contracts/records.ts';
import { driftSettings } from '../../core/drift/settings.ts';
import type { Duck } from '../../core/duckdb.ts';
import type { PreviousVersion } from '../../core/intake/sample-rules.ts';
import type { AcceptedContent } from '../../core/intake/validate-file.ts';
import { detailOf } from '../../core/lineage/lineage-record.ts';
import { baselineOfTable } from '../../core/profile/baseline-of-table.ts';
import { storedTable } from '../../core/profile/stored-table.ts';
import { getPacked } from '../aws/packed-json.ts';
import type { IntakeTools } from './intake-tools.ts';

/** The profile of accepted rows, over the features of the model: what the next version is compared with. */
export function contentProfile(model: ModelConfig, { parts, rows }: AcceptedContent, duck: Duck): Promise<Baseline> {
  return baselineOfTable(model, storedTable(model.data, { paths: parts.map(({ path }) => path), rows }, duck));
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
