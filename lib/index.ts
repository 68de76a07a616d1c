/** The construct library: `import { ModelwayPlatform, defineModel } from 'modelway'`. */
export {
  defineModel,
  definePlatform,
  type ModelConfigInput,
  type PlatformConfigInput,
} from '../contracts/model-config.ts';
export { ModelwayError } from '../contracts/problems.ts';
export { ModelwayPlatform, type ModelwayPlatformProps } from './platform.ts';
