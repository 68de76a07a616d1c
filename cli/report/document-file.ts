/** Where a document of the lake lies beside the report. */
export function documentFile(key: string): string {
  return `documents/${key.replaceAll('/', '_')}`;
}
