import type { FunctionInput, FunctionOutput } from '../../contracts/functions.ts';
import { jobPrefix } from '../../contracts/names.ts';
import { ModelwayError } from '../../contracts/problems.ts';
import type { LivePointer } from '../../contracts/records.ts';
import type { LineageTable } from '../aws/lineage-table.ts';
import type { Serving } from './serving.ts';
import { staleConfigs, staleModels } from './what-to-delete.ts';

/** What the handler works with. */
export interface PromoteTools {
  readonly platform: string;
  readonly lineage: LineageTable;
  readonly serving: Serving;
  readonly now: () => Date;
}

type Request = FunctionInput<'promote'>;

/**
 * Moves the live pointer to a deployment that was verified, and then deletes endpoint configs and SageMaker Models that neither
 * serve now nor served before. Doing it again changes nothing. The machine records the deployment.
 * @throws ModelwayError `live-moved` when somebody else moved the pointer meanwhile
 */
export async function promote(request: Request, tools: PromoteTools): Promise<FunctionOutput<'promote'>> {
  const before = await tools.lineage.live(request.model.name);
  if (before?.endpointConfigName !== request.endpointConfigName) await moveLive(request, before, tools);
  const keep = [request.endpointConfigName, request.previousConfigName, before?.endpointConfigName ?? ''];
  return { deleted: [...(await clearUp(request.model.name, new Set(keep), tools))] };
}

async function moveLive(
  request: Request,
  before: LivePointer | undefined,
  { lineage, now }: PromoteTools,
): Promise<void> {
  const pointer = {
    packageArn: request.modelPackageArn,
    modelName: request.modelName,
    endpointConfigName: request.endpointConfigName,
    runId: request.runId,
    since: now().toISOString(),
  };
  const moved = await lineage.setLive(request.model.name, pointer, before?.packageArn ?? null);
  if (moved === 'written') return;
  throw new ModelwayError('live-moved', 'modelway', [
    {
      path: request.model.name,
      message: `the live pointer no longer names ${before?.packageArn ?? 'nothing'}: another deployment moved it`,
      fix: 'see which deployment holds the endpoint, and deploy again',
    },
  ]);
}

async function clearUp(model: string, keep: ReadonlySet<string>, { platform, serving, now }: PromoteTools) {
  const prefix = jobPrefix(platform, model);
  const configs = await serving.configs(prefix);
  const stale = staleConfigs(prefix, configs, keep);
  const kept = await modelsOf(
    configs.map(({ name }) => name).filter((name) => keep.has(name)),
    serving,
  );
  const served = await modelsOf(stale, serving);
  const models = staleModels(prefix, await serving.models(prefix), { kept, served, now: now() });
  for (const config of stale) await serving.deleteConfig(config);
  for (const name of models) await serving.deleteModel(name);
  return [...stale, ...models];
}

async function modelsOf(configs: readonly string[], serving: Serving): Promise<ReadonlySet<string>> {
  const models = new Set<string>();
  for (const config of configs) for (const model of await serving.modelsOf(config)) models.add(model);
  return models;
}
