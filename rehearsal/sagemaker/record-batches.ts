/** Bodies for the container out of one input file, as batch transform cuts it. */
export interface BatchRules {
  readonly splitType: string;
  readonly strategy: string;
  readonly maxPayloadBytes: number;
}

const NEWLINE = 0x0a;

/** Whole file, one line each, or as many lines as fit the payload limit. */
export function recordBatches(file: Buffer, rules: BatchRules): readonly Buffer[] {
  if (rules.splitType === 'None') return [file];
  if (rules.strategy === 'SingleRecord') return linesOf(file);
  const batches: Buffer[] = [];
  for (let from = 0; from < file.length; ) {
    const to = batchEnd(file, from, rules.maxPayloadBytes);
    batches.push(endingLine(file.subarray(from, to)));
    from = to;
  }
  return batches;
}

/** The end of the last line that fits, or of the first when not even that does. Lines are not taken apart: files are large. */
function batchEnd(file: Buffer, from: number, limit: number): number {
  if (file.length - from <= limit) return file.length;
  const last = file.lastIndexOf(NEWLINE, from + limit - 1);
  if (last >= from) return last + 1;
  const first = file.indexOf(NEWLINE, from);
  return first === -1 ? file.length : first + 1;
}

/** The output file of one input file: answers one after another, each ending its line when assembled by line. */
export function assembled(answers: readonly Buffer[], assembleWith: string): Buffer {
  if (assembleWith !== 'Line') return Buffer.concat(answers);
  return Buffer.concat(answers.map(endingLine));
}

function linesOf(file: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < file.length; ) {
    const at = file.indexOf(NEWLINE, from);
    const end = at === -1 ? file.length : at + 1;
    if (end - from > 1 || file[from] !== NEWLINE) lines.push(endingLine(file.subarray(from, end)));
    from = end;
  }
  return lines;
}

function endingLine(bytes: Buffer): Buffer {
  return bytes.at(-1) === NEWLINE ? bytes : Buffer.concat([bytes, Buffer.from('\n')]);
}
