import type { Score } from '@voxelwise/calcium/core';
import type { CalciumResult } from './result.ts';

/** A result for people: series, table, convention, in plain aligned text. Warnings are printed apart, on stderr. */
export function toText(result: CalciumResult): string {
  const { series, convention, regions, total, timing } = result;
  const known = (...parts: (string | null)[]) => parts.filter(part => part !== null).join(', ');
  const size = `${series.slices} slices of ${series.rows} x ${series.columns}`;
  const spacing = `pixel ${series.spacingMm.map(decimal(4)).join(' x ')} mm`;
  const lines = [
    `Series      ${known(series.description, series.modality, series.uid)}`,
    `Scanner     ${known(series.manufacturer, series.model, series.kVp === null ? null : `${series.kVp} kVp`, series.kernel) || 'not recorded'}`,
    `Volume      ${known(size, spacing, `increment ${decimal(4)(series.incrementMm)} mm`)}`,
    '',
    ...table([
      ['Region', 'Agatston', 'Volume mm³', 'Lesions', 'Lesion slices'],
      ...regions.map(({ name, ...score }) => row(name, score)),
      row(regions.length > 0 ? 'Total' : 'Whole scan', total),
    ]),
    ...(total.category ? ['', `Category    ${total.category.label}, ${total.category.range}`] : []),
    '',
    'Convention',
    ...convention.inWords.map(line => `  ${line}`),
    `  Computed by voxelwise ${convention.software.version} (${timing.producer}) in ${timing.computeMs.toFixed(1)} ms`,
    ...timing.notes.map(note => `  ${note}`),
    '',
    'Not for diagnostic use.',
  ];
  return `${lines.join('\n')}\n`;
}

function row(name: string, { agatston, volumeMm3, lesions, lesionSlices }: Score): string[] {
  return [name, agatston.toFixed(3), volumeMm3.toFixed(3), String(lesions), String(lesionSlices)];
}

/** First column to the left, numbers to the right; a rule under the head and above the last row. */
function table(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(cells => cells[column]!.length)));
  const lines = rows.map(cells =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
  const rule = '-'.repeat(lines[0]!.length);
  return [lines[0]!, rule, ...lines.slice(1, -1), ...(lines.length > 2 ? [rule] : []), lines.at(-1)!];
}

function decimal(digits: number): (value: number) => string {
  return value => String(Number(value.toFixed(digits)));
}
