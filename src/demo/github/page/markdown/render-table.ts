import { html } from 'hono/html';
import type { Html, Markup } from '../html.ts';
import type { Table } from './parse-table.ts';

/** `renderCell` takes a cell's Markdown. */
export function renderTable(table: Table, renderCell: (text: string) => Markup): Html {
  const alignment = (column: number) => `align-${table.alignments[column] ?? 'none'}`;
  const header = table.header.map((cell, column) => html`<th class="${alignment(column)}">${renderCell(cell)}</th>`);
  const rows = table.rows.map(
    (row) =>
      html`<tr>${row.map((cell, column) => html`<td class="${alignment(column)}">${renderCell(cell)}</td>`)}</tr>`,
  );
  return html`<div class="scroll"><table><thead><tr>${header}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
