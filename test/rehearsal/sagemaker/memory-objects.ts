import { ObjectRefused, type ObjectStore, type PutOptions } from '../../../rehearsal/sagemaker/object-store.ts';

/** Objects in memory, with buckets that a role may not touch. */
export interface MemoryObjects {
  readonly stored: Map<string, { readonly body: Buffer; readonly options: PutOptions | undefined }>;
  /** What a role sees: everything but `s3://forbidden/…`. */
  readonly store: ObjectStore;
  text(uri: string): string;
  /** Addresses below a prefix. */
  below(prefix: string): readonly string[];
}

export function memoryObjects(): MemoryObjects {
  const stored: MemoryObjects['stored'] = new Map();
  let version = 0;
  const allowed = (uri: string) => {
    if (uri.startsWith('s3://forbidden/')) throw new ObjectRefused(uri, 'AccessDenied');
  };
  const read = (uri: string) => {
    allowed(uri);
    const found = stored.get(uri);
    if (found === undefined) throw new ObjectRefused(uri, 'NotFound');
    return found;
  };
  const below = (prefix: string) => [...stored.keys()].filter((uri) => uri.startsWith(prefix)).toSorted();
  return {
    stored,
    below,
    text: (uri) => read(uri).body.toString(),
    store: {
      get: async (uri) => read(uri).body,
      identity: async (uri) => `${read(uri).body.length}-${version}`,
      put: async (uri, body, options) => {
        allowed(uri);
        version += 1;
        stored.set(uri, { body: Buffer.from(body), options });
      },
      list: async (uri) => {
        allowed(uri);
        return below(uri);
      },
    },
  };
}
