import { writeFile } from 'node:fs/promises';
import { monitoringWithDefaults } from '../../contracts/monitoring-config.ts';
import { compareProfiles } from '../../core/drift/compare-profiles.ts';
import { driftSettings } from '../../core/drift/settings.ts';
import { openDuck } from '../../core/duckdb.ts';
import { baselineOfTable } from '../../core/profile/baseline-of-table.ts';
import { profileTable } from '../../core/profile/profile-table.ts';
import { MODEL } from './columns.ts';
import { tableOf } from './generated.ts';
import { contender } from './own-cost.ts';

const SEED = 7;

/** `FOLDER REFERENCE.parquet WINDOW.parquet REPORT.json`: baseline, window and the drift report with all its statistics and tests. */
contender(async ([folder = '', reference = '', window = '', output = '']) => {
  const duck = await openDuck({ folder, memoryMegabytes: 256 });
  const baseline = await baselineOfTable(MODEL, await tableOf(duck, reference));
  const current = await profileTable(baseline.profile, MODEL, await tableOf(duck, window));
  duck.close();
  const settings = driftSettings({ features: MODEL.features, monitoring: monitoringWithDefaults(undefined, []) });
  await writeFile(output, JSON.stringify(compareProfiles(baseline, current, settings, SEED)));
});
