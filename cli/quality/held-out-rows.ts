import { ModelwayError } from '../../contracts/problems.ts';
import type { QualitySetup } from '../../contracts/quality-window.ts';
import type { Instance } from '../../contracts/serving.ts';
import type { ReadyMetric } from '../../core/business/business-metrics.ts';
import { DAY } from '../../core/profile/instant.ts';
import type { WatchedFeature } from '../../core/profile/watched.ts';
import { fitQualitySetup } from '../../core/quality/quality-setup.ts';
import type { RowFiles } from '../drift/row-files.ts';
import type { QualityRequest } from './quality-request.ts';
import { rowValues } from './row-values.ts';

/**
 * Learns from the reference files; rows without score or label are left out.
 * @throws ModelwayError when a column is missing, or when the rows cannot teach anything
 */
export async function setupFrom(
  files: RowFiles,
  features: readonly WatchedFeature[],
  business: readonly ReadyMetric[],
  request: QualityRequest,
): Promise<{ readonly setup: QualitySetup; readonly leftOut: number; readonly withoutTime: number }> {
  const { columns, threshold, slices } = request;
  const rows = { instances: [] as Instance[], scores: [] as number[], labels: [] as number[] };
  const days: number[] = [];
  let leftOut = 0;
  if (columns.label === undefined)
    throw new ModelwayError('wrong-use', 'input', [
      {
        path: '--label',
        message: 'is missing: the reference needs outcomes to learn from',
        fix: 'name the column with --label COL',
      },
    ]);
  for await (const chunk of files.chunks())
    for (const instance of chunk) {
      const { score, label, at } = rowValues(instance, columns);
      if (Number.isNaN(score) || label === undefined) {
        leftOut += 1;
        continue;
      }
      rows.instances.push(instance);
      rows.scores.push(score);
      rows.labels.push(label);
      days.push(at === undefined ? Number.NaN : Math.floor(at / DAY));
    }
  const setup = fitQualitySetup({
    ...rows,
    days,
    features,
    threshold,
    slices,
    protected: request.protected,
    explained: null,
    business,
  });
  return { setup, leftOut, withoutTime: days.filter(Number.isNaN).length };
}
