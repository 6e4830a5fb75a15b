/** Tables: each says what it is, names its columns, and scrolls by itself where it is wider than the page. */
import { type Markup, markup } from './html';

export interface Column {
  readonly head: string;
  /** For numbers. */
  readonly align?: 'right';
}

const headCell = ({ head, align }: Column): Markup =>
  markup`<th scope="col"${align === 'right' && markup` class="num"`}>${head}</th>`;

/** @param rows table rows, whose first words are in a `<th scope="row">` where they name the row */
export const wideTable = (
  caption: string | Markup,
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<Markup>,
): Markup => markup`
  <div class="wide" tabindex="0" role="group" aria-label="Table: ${caption}">
    <table>
      <caption>${caption}</caption>
      <thead><tr>${columns.map(headCell)}</tr></thead>
      <tbody>${rows}</tbody>
    </table>
  </div>
`;

/** A zero that stands back behind other numbers. */
export const none = markup`<span class="no">0</span>`;
