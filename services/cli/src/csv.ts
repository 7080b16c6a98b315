import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | null;

/** Rows as CSV by RFC 4180. Texts that a spreadsheet would run as a formula are quoted with an apostrophe. */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map(row => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  );
}
