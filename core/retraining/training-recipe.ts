import type { ModelConfig } from '../../contracts/model-config.ts';
import { canonicalJson, sha256 } from '../lineage/canonical-json.ts';

/**
 * Hash of what a model is made with besides data: the source bundle (`code` names it by its content), the schema, the features and
 * the settings that reach the script. Instances, spot and time limits change no model and are left out.
 */
export function trainingRecipe({ data, features, training }: ModelConfig, code: string): string {
  const { image, entry, hyperparameters, testShare, validationShare, seed } = training;
  return sha256(
    canonicalJson({ code, data, features, image, entry, hyperparameters, testShare, validationShare, seed }),
  );
}
