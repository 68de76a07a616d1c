import type { UploadKey } from '../../contracts/upload-keys.ts';

/** Keeps in mind which folders of the inbox have files, and which have what makes them an upload. */
export interface WaitingFolders {
  see(key: UploadKey): void;
  /** Folders with files and no marker in them or around them, in order. */
  waiting(): readonly string[];
}

/** No folders yet; memory grows with their number, not with their files. */
export function waitingFolders(): WaitingFolders {
  const [members, marked] = [new Set<string>(), new Set<string>()];
  const isMarked = (folder: string): boolean => {
    for (let at = folder.length; at > 0; at = folder.lastIndexOf('/', at - 2) + 1)
      if (marked.has(folder.slice(0, at))) return true;
    return false;
  };
  return {
    see: (key) => {
      if (key.kind === 'member') members.add(key.folder);
      if (key.kind === 'marker') marked.add(key.folder);
    },
    waiting: () => [...members].filter((folder) => !isMarked(folder)).sort(),
  };
}
