import { FUNCTION_NAMES } from '../../contracts/functions.ts';
import type { PlatformConfig } from '../../contracts/model-config.ts';
import { MODELS_A_DASHBOARD, stackName } from '../../contracts/names.ts';
import type { CostLine, PlanDocument } from '../../contracts/plan.ts';
import { costLine } from './cost-line.ts';
import { planModel } from './model-cost.ts';
import { MONTHLY, PRICE_REGION, PRICES_AS_OF } from './price-list.ts';
import { quotasOf } from './quotas.ts';

/** Keys of the platform: one for data, one for audit. */
const KEYS = 2;

/** What a config makes and costs: the whole of `modelway plan`. */
export function planPlatform(config: PlatformConfig): PlanDocument {
  const dashboards = Math.ceil(config.models.length / MODELS_A_DASHBOARD);
  const idle: readonly CostLine[] = [
    costLine('KMS keys', KEYS, MONTHLY.key),
    costLine('dashboard', dashboards, MONTHLY.dashboard),
    costLine('alarm metrics', 1, MONTHLY.alarmMetric),
  ];
  const idleMonthly = KEYS * MONTHLY.key + dashboards * MONTHLY.dashboard + MONTHLY.alarmMetric;
  const models = config.models.map((model) => planModel(config.name, model, config.dashboards === 'per-model'));
  return {
    region: PRICE_REGION,
    pricesAsOf: PRICES_AS_OF,
    platform: {
      name: config.name,
      stack: stackName.platform(config.name),
      resources: [
        { what: 'Lambda functions', count: FUNCTION_NAMES.length },
        { what: 'buckets (lake, audit, access logs)', count: 3 },
        { what: 'KMS keys', count: KEYS },
        { what: 'lineage table', count: 1 },
        { what: 'alert topic', count: 1 },
        { what: 'alarm (undelivered events)', count: 1 },
        { what: 'dashboard', count: dashboards },
      ],
      idle: [...idle],
      idleMonthly,
    },
    models,
    idleMonthly: models.reduce<number | null>(
      (total, model) => (total === null || model.idleMonthly === null ? null : total + model.idleMonthly),
      idleMonthly,
    ),
    quotas: [...quotasOf(config.models)],
  };
}
