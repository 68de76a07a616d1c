/**
 * A text that comes from a file or its name, made safe to print: what controls a terminal, ends a line, turns the direction of writing or
 * cannot be seen is written by its number.
 */
export function inertText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

/** A document as JSON that is safe to print: what would act on a terminal is escaped, as JSON allows for any character of a text. */
export function inertJson(document: unknown): string {
  return JSON.stringify(document, null, 2).replace(/[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) =>
    Array.from({ length: sign.length }, (_, unit) => `\\u${sign.charCodeAt(unit).toString(16).padStart(4, '0')}`).join(
      '',
    ),
  );
}
