import { decodeRecord } from '../capture/decode-record.ts';

/** The key in lines of Data Capture and of batch transform; inside a captured body the quotes are escaped, so it is never found there. */
const NAMED_ID = /nferenceId"\s*:\s*"((?:[^"\\]|\\.)*)"/g;

/**
 * Inference ids that a captured line may have: its own, and perhaps others; a line without one gives none. Far cheaper than decoding
 * the line, which is done where its form is not the usual one.
 */
export function idsInLine(line: string, columns: readonly string[]): readonly string[] {
  if (line.startsWith('{') && !line.includes('nferenceId')) return [];
  const found = [...line.matchAll(NAMED_ID)].map(([, id = '']) => id);
  if (line.startsWith('{') && found.length > 0 && !found.some((id) => id.includes('\\'))) return found;
  const decoded = decodeRecord(line, columns);
  return decoded.kind === 'bad' || decoded.inferenceId === undefined ? [] : [decoded.inferenceId];
}
