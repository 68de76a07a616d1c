/** A text to be found in bytes, and the same four bytes at a time: comparing is most of what finding the parts of a line costs. */
export interface Literal {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** A literal of a text. */
export function literal(text: string): Literal {
  return literalOf(Buffer.from(text, 'utf8'));
}

/** A literal of bytes, which are copied. */
export function literalOf(held: Uint8Array): Literal {
  const bytes = Uint8Array.from(held);
  const view = new DataView(bytes.buffer);
  return { bytes, words: Int32Array.from({ length: bytes.length >> 2 }, (_, word) => view.getInt32(4 * word, true)) };
}

/** Where the literal ends if it stands at `at`; −1 if it does not, or `at` is negative. */
export function pastLiteral(view: DataView, at: number, { words, bytes }: Literal): number {
  const end = at + bytes.length;
  if (at < 0 || end > view.byteLength) return -1;
  const whole = words.length;
  for (let i = 0; i < whole; i++) if (view.getInt32(at + (i << 2), true) !== words[i]) return -1;
  for (let i = whole << 2; i < bytes.length; i++) if (view.getUint8(at + i) !== bytes[i]) return -1;
  return end;
}
