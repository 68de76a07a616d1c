import type { Listed } from './serving.ts';

/** Age below which a SageMaker Model that no config names may belong to a run in flight. */
const SPARED_MILLISECONDS = 7 * 24 * 3600 * 1000;

/**
 * Whether a name was made by this model's own machines: the prefix, one word, and the number of the try. Another model whose name
 * begins with this one's (`flight` and `flight-delay`) has a further hyphen, and is never touched.
 */
export function isOwn(prefix: string, name: string): boolean {
  return name.startsWith(prefix) && /^[a-zA-Z0-9]+-\d+$/.test(name.slice(prefix.length));
}

/** Own endpoint configs that are not to be kept. */
export function staleConfigs(prefix: string, configs: readonly Listed[], keep: ReadonlySet<string>): readonly string[] {
  return configs.map(({ name }) => name).filter((name) => isOwn(prefix, name) && !keep.has(name));
}

/** Own SageMaker Models that were served by a stale config, or are old and served by none; models of kept configs stay. */
export function staleModels(
  prefix: string,
  models: readonly Listed[],
  found: { readonly kept: ReadonlySet<string>; readonly served: ReadonlySet<string>; readonly now: Date },
): readonly string[] {
  return models
    .filter(({ name, createdAt }) => {
      const old = found.now.getTime() - createdAt.getTime() > SPARED_MILLISECONDS;
      return isOwn(prefix, name) && !found.kept.has(name) && (found.served.has(name) || old);
    })
    .map(({ name }) => name);
}
