import { type Content, type Html, html } from './html.ts';

/** A column of a table: numbers stand right. */
export interface Column {
  readonly heading: string;
  readonly number?: boolean;
}

/** A table that scrolls sideways when the page is narrow. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Content[])[]): Html {
  const kind = (index: number) => (columns[index]?.number === true ? 'number' : 'text');
  return html`<div class="scroll"><table><caption>${caption}</caption><thead><tr>${columns.map(
    ({ heading }, index) => html`<th scope="col" class="${kind(index)}">${heading}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, index) => html`<td class="${kind(index)}">${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}
