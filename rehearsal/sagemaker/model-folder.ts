import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { unpackInto } from './archive.ts';
import type { Model } from './model.ts';
import { ObjectRefused } from './object-store.ts';
import { JobFailure } from './service-error.ts';
import type { World } from './world.ts';

/** Unpacked model data: one folder an artefact, shared by every process that serves it. */
export interface ModelFolders {
  /** The folder of a model, read with the model's role. @throws JobFailure when the role cannot read it */
  of(model: Model): Promise<string>;
}

export function modelFolders(world: World): ModelFolders {
  const unpacking = new Map<string, Promise<string>>();
  return {
    of: async (model) => {
      const { objects } = await world.actAs(model.role, 'SageMaker');
      const url = model.modelDataUrl;
      try {
        const identity = createHash('sha256')
          .update(`${url}|${await objects.identity(url)}`)
          .digest('hex');
        const folder = path.join(world.sidecar.workFolder, 'models', identity.slice(0, 20));
        const known = unpacking.get(folder) ?? unpackOnce(() => objects.get(url), folder);
        unpacking.set(folder, known);
        known.catch(() => unpacking.delete(folder));
        return await known;
      } catch (error) {
        if (!(error instanceof ObjectRefused)) throw error;
        throw new JobFailure(
          `Failed to download model data for container "container_1" from URL: "${url}". Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the model. (${error.reason})`,
          { cause: error },
        );
      }
    },
  };
}

async function unpackOnce(read: () => Promise<Buffer>, folder: string): Promise<string> {
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  await unpackInto(await read(), partial, 'the model data');
  renameSync(partial, folder);
  return folder;
}
