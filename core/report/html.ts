/** Markup that is safe to put into a page: made only by the `html` tag below, which escapes everything put into it. */
export interface Html {
  readonly markup: string;
}

/** What may stand in a template: text is escaped, markup is kept, lists are joined, nothing is left out. */
export type Content = string | number | Html | undefined | readonly Content[];

/** A template of HTML or SVG; every value put into it is escaped unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return { markup: parts.reduce((text, part, index) => text + rendered(values[index - 1]) + part) };
}

function rendered(content: Content): string {
  if (content === undefined) return '';
  if (typeof content === 'string') return escaped(content);
  if (typeof content === 'number') return Number.isFinite(content) ? String(Number(content.toFixed(4))) : '–';
  return 'markup' in content ? content.markup : content.map(rendered).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
