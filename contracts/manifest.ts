import { z } from 'zod';

/** The name that makes a folder one upload, once it is there: it says what belongs to the upload. */
export const MANIFEST = 'manifest.json';
/** The empty file that Spark and others write last; it says only that everything is there. */
export const SUCCESS = '_SUCCESS';

/** Files and folders that tools write while they are not done, hidden files, and markers such as `_SUCCESS`. */
const NOT_DATA = /^[._]|\.(tmp|part|partial|crdownload|filepart)$|\._COPYING_$/;

/** Whether a file of a folder, by its path inside the folder, is data: not hidden, not unfinished, no manifest and no marker. */
export function isDataFile(path: string): boolean {
  const parts = path.split('/');
  return !parts.some((part) => part === '' || NOT_DATA.test(part)) && parts.at(-1) !== MANIFEST;
}

/** Whether a name or a path ends in what makes its folder one upload. */
export const isMarker = (path: string): boolean => [MANIFEST, SUCCESS].includes(path.slice(path.lastIndexOf('/') + 1));

/** A path inside the folder: no way out of it, no backslash, no control character. */
const KeySchema = z
  .string()
  .min(1)
  .max(1024)
  .refine(
    (key) => !key.includes('\\') && key.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'must be a path inside the folder, such as part-0.csv or a/part-1.csv',
  );

/** What a folder upload holds. What is left out of a file is not checked. */
export const ManifestSchema = z
  .strictObject({
    files: z
      .array(
        z.strictObject({
          key: KeySchema,
          /** Bytes. */
          size: z.int().nonnegative().optional(),
          sha256: z
            .string()
            .regex(/^[0-9a-fA-F]{64}$/, 'must be a SHA-256 in hexadecimal')
            .optional(),
          /** Data rows, bad ones included. */
          rows: z.int().nonnegative().optional(),
        }),
      )
      .min(1)
      .max(100_000),
  })
  .superRefine(({ files }, ctx) => {
    const seen = new Set<string>();
    for (const [index, { key }] of files.entries()) {
      if (seen.has(key))
        ctx.addIssue({ code: 'custom', path: ['files', index, 'key'], message: `${key} is listed twice` });
      seen.add(key);
    }
  });
export type Manifest = z.infer<typeof ManifestSchema>;
