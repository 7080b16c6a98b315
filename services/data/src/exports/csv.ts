import canonicalize from 'canonicalize';
import { type Stringifier, stringify } from 'csv-stringify';
import { QUANTITIES } from '../metrics/quantities.ts';
import type { ExportRow } from './row-schema.ts';

type Cell = string | number | null;
type Column = readonly [name: string, of: (row: ExportRow) => Cell];

/** What a spreadsheet shows of a record. Payloads and conventions are JSON in one cell, the main numbers have columns. */
const COLUMNS: readonly Column[] = [
  ['id', row => row.id],
  ['split', row => row.split],
  ['kind', row => row.kind],
  ['patient', row => row.patient],
  ['sex', row => row.sex],
  ['ageBand', row => row.ageBand],
  ['study', row => row.image.study],
  ['series', row => row.image.series],
  ['modality', row => row.image.modality],
  ['scannerManufacturer', row => row.image.scanner.manufacturer],
  ['scannerModel', row => row.image.scanner.model],
  ['produced', row => ('producedYear' in row ? row.producedYear : row.producedAt)],
  ['algorithmName', row => row.algorithm.name],
  ['algorithmVersion', row => row.algorithm.version],
  ['algorithmDigest', row => row.algorithm.digest],
  ['confidence', row => row.confidence],
  ['decision', row => row.label.decision],
  ['source', row => row.label.source],
  ['level', row => row.label.level],
  ['agreement', row => row.label.agreement],
  ['quality', row => row.quality.score],
  ['qualityReasons', row => row.quality.reasons.join(' ')],
  ...QUANTITIES.flatMap(({ kind, name, of }): Column[] => {
    const ofPayload = (row: ExportRow, payload: ExportRow['prediction'] | null) =>
      row.kind === kind && payload ? of(payload) : null;
    return [
      [`prediction.${name}`, row => ofPayload(row, row.prediction)],
      [`label.${name}`, row => ofPayload(row, row.label.payload)],
    ];
  }),
  ['prediction', row => canonicalize(row.prediction)!],
  ['label', row => (row.label.payload ? canonicalize(row.label.payload)! : null)],
  ['conventions', row => canonicalize(row.conventions)!],
];

export const CSV_HEADER: readonly string[] = COLUMNS.map(([name]) => name);

export function csvCells(row: ExportRow): Cell[] {
  return COLUMNS.map(([, of]) => of(row));
}

/** Takes arrays of cells, gives RFC 4180 with a header. Text that a spreadsheet would run as a formula gets an apostrophe. */
export function csvWriter(): Stringifier {
  return stringify({
    header: true,
    columns: [...CSV_HEADER],
    record_delimiter: 'windows',
    // Otherwise a lone CR or LF in a cell would stand there without quotes.
    quote_record_delimiter: true,
    escape_formulas: true,
  });
}
