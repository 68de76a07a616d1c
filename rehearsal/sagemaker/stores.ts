import type { Endpoints } from './endpoint.ts';
import type { EndpointConfigs } from './endpoint-config.ts';
import type { LiveScripts } from './live-script.ts';
import type { Models } from './model.ts';
import { type ModelFolders, modelFolders } from './model-folder.ts';
import type { ProcessingJobs } from './processing-job.ts';
import { modelRegistry, type Registry } from './registry.ts';
import { type TagStore, tagStore } from './tags.ts';
import type { TrainingJobs } from './training-job.ts';
import type { TransformJobs } from './transform-job.ts';
import type { TuningJobs } from './tuning-job.ts';
import type { World } from './world.ts';

/** Everything the SageMaker emulator remembers; it lives as long as one rehearsal. */
export interface Stores {
  readonly trainingJobs: TrainingJobs;
  readonly scripts: LiveScripts;
  readonly tuningJobs: TuningJobs;
  readonly transformJobs: TransformJobs;
  readonly processingJobs: ProcessingJobs;
  readonly models: Models;
  readonly folders: ModelFolders;
  readonly configs: EndpointConfigs;
  readonly endpoints: Endpoints;
  readonly registry: Registry;
  readonly tags: TagStore;
}

export function emptyStores(world: World): Stores {
  return {
    trainingJobs: new Map(),
    scripts: new Map(),
    tuningJobs: new Map(),
    transformJobs: new Map(),
    processingJobs: new Map(),
    models: new Map(),
    folders: modelFolders(world),
    configs: new Map(),
    endpoints: new Map(),
    registry: modelRegistry(world),
    tags: tagStore(),
  };
}
