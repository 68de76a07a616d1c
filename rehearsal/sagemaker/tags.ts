import { z } from 'zod';

export const TagsSchema = z.array(z.object({ Key: z.string(), Value: z.string() }));
export type Tags = z.infer<typeof TagsSchema>;

/** Tags by the ARN of what they are on. */
export interface TagStore {
  add(arn: string, tags: Tags | undefined): void;
  remove(arn: string, keys: readonly string[]): void;
  of(arn: string): Tags;
}

export function tagStore(): TagStore {
  const byArn = new Map<string, Map<string, string>>();
  return {
    add: (arn, tags = []) => {
      const own = byArn.get(arn) ?? new Map<string, string>();
      for (const tag of tags) own.set(tag.Key, tag.Value);
      byArn.set(arn, own);
    },
    remove: (arn, keys) => {
      for (const key of keys) byArn.get(arn)?.delete(key);
    },
    of: (arn) => [...(byArn.get(arn) ?? [])].map(([Key, Value]) => ({ Key, Value })),
  };
}
