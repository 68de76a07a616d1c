import { buffer } from 'node:stream/consumers';
import type { FrozenIntake } from '../../contracts/frozen-intake.ts';
import { DEFAULT_LARGE_UPLOADS } from '../../contracts/large-upload.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import { chooseRoute, type Route } from '../../core/intake/shards/choose-route.ts';
import type { IntakeTools } from './intake-tools.ts';

/** As much of a file as its route is chosen by. */
const HEAD_BYTES = 2 ** 20;
/** Names of files that are compressed, mostly. Of a single file the first bytes tell. */
const PACKED_NAME = /\.(gz|gzip|zst|zstd)$/i;

/** How an upload is to be taken in; a small one is decided without a look at it. */
export async function routeUpload(
  model: ModelConfig,
  frozen: FrozenIntake,
  { lake }: Pick<IntakeTools, 'lake'>,
): Promise<Route> {
  const limits = model.largeUploads ?? DEFAULT_LARGE_UPLOADS;
  const bytes = totalBytes(frozen);
  if (bytes <= Math.min(limits.plainBytes, limits.packedBytes)) return { route: 'one' };
  const [file] = frozen.files;
  if (frozen.folder === null && file !== undefined) {
    const head = await buffer(lake.slice(file, 0, Math.min(file.size, HEAD_BYTES)));
    return chooseRoute({ name: file.key, bytes, head }, limits);
  }
  const fits = bytes <= limits.plainBytes && packedBytes(frozen) <= limits.packedBytes;
  return fits ? { route: 'one' } : { route: 'job', reason: 'the folder is larger than one invocation takes' };
}

/** Bytes of all files of an upload. */
export const totalBytes = ({ files }: FrozenIntake): number => files.reduce((sum, { size }) => sum + size, 0);

/** Bytes of those that are compressed, by their names. */
export const packedBytes = ({ files }: FrozenIntake): number =>
  files.reduce((sum, { key, size }) => sum + (PACKED_NAME.test(key) ? size : 0), 0);
