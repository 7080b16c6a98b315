import { readFile } from 'node:fs/promises';
import { LEAST_TIME_POINTS } from '@voxelwise/perfusion/core';
import { CsvError, parse } from 'csv-parse/sync';
import { oneLine, Refusal } from '../refusal.ts';

/** One row of a table of curves. */
export interface CurveRow {
  readonly label: string;
  /** Contrast of tissue and artery, in one unit, one value per time point. */
  readonly tissue: Float64Array;
  readonly aif: Float64Array;
  readonly intervalS: number;
}

/** Columns as OSIPI's data objects have them; others are not read. */
const COLUMNS = ['label', 'C_tis', 'C_aif', 'tr'] as const;

/**
 * Reads a CSV table with one tissue curve and its arterial input per row: columns label, C_tis and C_aif (values separated by
 * blanks) and tr (sampling interval in s).
 * @throws Refusal when the file cannot be read, has no such columns or no rows, or a row is not two finite curves of one
 * length that change, at one interval.
 */
export async function readCurves(path: string): Promise<readonly CurveRow[]> {
  const [head, ...rows] = parseTable(path, await readText(path));
  const missing = COLUMNS.filter(column => !head?.includes(column));
  if (!head || missing.length > 0) {
    throw new Refusal(
      `${path} has no column ${missing.join(', ')}; the first line must name the columns ${COLUMNS.join(', ')}, separated by commas.`,
    );
  }
  const repeated = COLUMNS.find(column => head.indexOf(column) !== head.lastIndexOf(column));
  if (repeated) throw new Refusal(`${path} has two columns ${repeated}; leave the one that is meant.`);
  if (rows.length === 0) throw new Refusal(`${path} has no curves below its first line; add one per row.`);
  return rows.map((cells, index) => {
    const cell = (column: (typeof COLUMNS)[number]) => cells[head.indexOf(column)]!;
    const label = oneLine(cell('label'));
    return readRow(`Row ${index + 1} (${label || 'without a label'}) of ${path}`, label, cell);
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Refusal(`The curves ${path} cannot be read (${reason}); give the path of a CSV file to --curves.`);
  }
}

function parseTable(path: string, text: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Refusal(
      `${path} is not a CSV table (line ${error.lines ?? 'unknown'} has other columns or open quotes); write ${COLUMNS.join(',')} and one curve per row.`,
    );
  }
}

function readRow(where: string, label: string, cell: (column: (typeof COLUMNS)[number]) => string): CurveRow {
  const tissue = readValues(where, 'C_tis', cell('C_tis'));
  const aif = readValues(where, 'C_aif', cell('C_aif'));
  if (tissue.length !== aif.length) {
    throw new Refusal(
      `${where} has ${tissue.length} values in C_tis and ${aif.length} in C_aif; both need one per time point.`,
    );
  }
  if (tissue.length < LEAST_TIME_POINTS) {
    throw new Refusal(
      `${where} has ${tissue.length} time points, and deconvolution needs ${LEAST_TIME_POINTS} or more; give the whole curve.`,
    );
  }
  for (const [column, curve] of [
    ['C_tis', tissue],
    ['C_aif', aif],
  ] as const) {
    if (curve.some(value => value !== curve[0])) continue;
    throw new Refusal(`${where} has a constant curve in ${column}, so no bolus passes; remove the row.`);
  }
  return { label, tissue, aif, intervalS: readInterval(where, cell('tr')) };
}

function readValues(where: string, column: string, text: string): Float64Array {
  const words = text.split(/\s+/).filter(word => word !== '');
  if (words.length === 0) throw new Refusal(`${where} has no values in ${column}; separate them by blanks.`);
  const values = words.map(readNumber);
  const bad = values.findIndex(value => !Number.isFinite(value));
  if (bad >= 0) {
    throw new Refusal(
      `${where} has "${shortened(words[bad]!)}" in ${column} at time point ${bad + 1}, which is not a finite number; remove the row or measure again.`,
    );
  }
  return Float64Array.from(values);
}

function readInterval(where: string, text: string): number {
  const words = text.split(/\s+/).filter(word => word !== '');
  const value = readNumber(words[0] ?? '');
  if (words.length === 1 && value > 0 && Number.isFinite(value)) return value;
  const found = words.length === 0 ? 'nothing' : `"${shortened(words.slice(0, 3).join(' '))}"`;
  throw new Refusal(
    `${where} has ${found} in tr, which must be the one sampling interval in s, a number above 0 such as 1.243.`,
  );
}

const LONGEST_QUOTE = 40;

/** What a message quotes of a cell. */
function shortened(text: string): string {
  const line = oneLine(text);
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)} ...` : line;
}

/** A decimal number, with an exponent or not; NaN of anything else. Number() alone would also read '0x82'. */
function readNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
