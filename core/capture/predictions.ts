import type { Body } from './body.ts';
import { isObject, type Rows } from './instances.ts';

/** What was answered for one row. */
export interface CapturedPrediction {
  readonly score: number;
  /** Contributions of the features, in the answer's order; null when the answer had none. */
  readonly shap: readonly number[] | null;
  /** The model package that answered, when the answer names it. */
  readonly modelPackage: string | null;
}

/**
 * The scores an answer gave: `{"predictions": [{score, shap}]}`, one `{score, …}` a line, or CSV whose first field is the score.
 * A prediction counts as explained when its `shap` is a list of finite numbers, as long as the answer's `features` where it names
 * them.
 */
export function readPredictions(body: Body): Rows<CapturedPrediction> {
  if (body.kind === 'unreadable') return body;
  const rows =
    body.kind === 'csv'
      ? body.rows.map((fields) => ({
          score: fields[0] === '' ? Number.NaN : Number(fields[0]),
          shap: null,
          modelPackage: null,
        }))
      : body.documents.flatMap(predictionsIn);
  const wrong = rows.findIndex(({ score }) => !Number.isFinite(score));
  if (wrong >= 0) return { kind: 'unreadable', reason: `row ${wrong + 1}: has no finite score` };
  return rows.length === 0 ? { kind: 'unreadable', reason: 'the body holds no prediction' } : { kind: 'rows', rows };
}

function predictionsIn(document: unknown): readonly CapturedPrediction[] {
  const outer = isObject(document) ? document : {};
  const listed = Array.isArray(document) ? document : outer.predictions;
  const features = Array.isArray(outer.features) ? outer.features.length : undefined;
  const modelPackage = typeof outer.model_package === 'string' ? outer.model_package : null;
  return (Array.isArray(listed) ? listed : [document]).map((item: unknown) => {
    const { score, shap } = isObject(item) ? item : { score: item };
    return {
      score: typeof score === 'number' ? score : Number.NaN,
      shap: contributions(shap, features),
      modelPackage,
    };
  });
}

function contributions(shap: unknown, features: number | undefined): readonly number[] | null {
  if (!Array.isArray(shap) || shap.length === 0 || (features !== undefined && shap.length !== features)) return null;
  const numbers = shap.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  return numbers.length === shap.length ? numbers : null;
}
