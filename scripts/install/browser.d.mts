/** Folder below the checkout that holds the unpacked Chromium. */
export function browserFolder(root: string): string;
