import { INBOX_PREFIX, inboxPrefix, labelsInboxPrefix, modelOfInboxKey } from './keys.ts';
import { isDataFile, isMarker } from './manifest.ts';

/** What an object below the inbox is, by its key alone. */
export type UploadKey =
  /** A file directly in `inbox/<model>/` counts by itself. */
  | { readonly kind: 'file'; readonly model: string }
  /** `manifest.json` or `_SUCCESS` makes its folder one upload. */
  | { readonly kind: 'marker'; readonly model: string; readonly folder: string }
  /** A file in a folder is part of an upload, and waits for the folder's marker. */
  | { readonly kind: 'member'; readonly model: string; readonly folder: string }
  | { readonly kind: 'labels'; readonly model: string }
  /** Nothing to take in: why, or null for the empty objects that a console makes for folders. */
  | { readonly kind: 'none'; readonly why: string | null };

const UNTAKEN: UploadKey = { kind: 'none', why: 'is hidden, unfinished or a marker by its name, and not taken in' };

/** Reads the key of an object below the inbox. Keys are as S3 has them, never URL-encoded. */
export function uploadKey(key: string): UploadKey {
  if (key.endsWith('/')) return { kind: 'none', why: null };
  const model = modelOfInboxKey(key);
  if (model === undefined) return { kind: 'none', why: `is not below ${INBOX_PREFIX}<model>/, so no model takes it` };
  const labels = labelsInboxPrefix(model);
  if (key.startsWith(labels)) return isDataFile(key.slice(labels.length)) ? { kind: 'labels', model } : UNTAKEN;
  const inside = key.slice(inboxPrefix(model).length);
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const path = inside.slice(0, inside.lastIndexOf('/') + 1);
  if (isMarker(inside) && (path === '' || isDataFile(`${path}data`)))
    return path === ''
      ? { kind: 'none', why: 'marks no folder: files directly in the inbox count one by one' }
      : { kind: 'marker', model, folder };
  if (!isDataFile(inside)) return UNTAKEN;
  return path === '' ? { kind: 'file', model } : { kind: 'member', model, folder };
}
