import type { Mass, Score } from '@voxelwise/calcium/core';
import { percentileSource } from '@voxelwise/calcium/core';
import { oneLine } from '../refusal.ts';
import { alignedTable } from '../text-table.ts';
import type { CalciumResult } from './result.ts';

/** A result for people: series, table, convention, in plain aligned text. Warnings are printed apart, on stderr. */
export function toText(result: CalciumResult): string {
  const { series, convention, regions, vessels, total, segmentation, risk, files = [], timing } = result;
  const known = (...parts: (string | null)[]) => parts.filter(part => part !== null).join(', ');
  const size = `${series.slices} slices of ${series.rows} x ${series.columns}`;
  const spacing = `pixel ${series.spacingMm.map(decimal(4)).join(' x ')} mm`;
  const lines = [
    `Series      ${known(series.description, series.modality, series.uid)}`,
    `Scanner     ${known(series.manufacturer, series.model, series.kVp === null ? null : `${series.kVp} kVp`, series.kernel) || 'not recorded'}`,
    `Volume      ${known(size, spacing, `increment ${decimal(4)(series.incrementMm)} mm`)}`,
    '',
    ...table([
      [vessels ? 'Vessel' : 'Region', 'Agatston', 'Volume mm³', 'Mass mg', 'Lesions', 'Lesion slices'],
      ...regions.map(({ name, ...score }) => row(name, score)),
      ...(vessels ?? []).map(({ vessel, ...score }) => row(vessel, score)),
      row(vessels || regions.length > 0 ? 'Total' : 'Whole scan', total),
    ]),
    ...(total.category ? ['', `Category    ${total.category.label}, ${total.category.range}`] : []),
    ...(total.cacDrs ? [`            ${total.cacDrs.label}`] : []),
    ...(total.isVeryHigh ? ['            Above 1000: very high'] : []),
    ...(total.note ? ['', `Note        ${total.note}`] : []),
    ...(segmentation ? ['', ...segmentationLines(segmentation)] : []),
    ...(risk ? ['', ...riskLines(risk)] : []),
    '',
    'Convention',
    ...convention.inWords.map(line => `  ${line}`),
    `  Computed by voxelwise ${convention.software.version} (${timing.producer}) in ${timing.computeMs.toFixed(1)} ms`,
    ...timing.notes.map(note => `  ${note}`),
    ...(files.length > 0 ? ['', 'Written', ...files.map(({ path }) => `  ${oneLine(path)}`)] : []),
    '',
    'Not for diagnostic use.',
  ];
  return `${lines.join('\n')}\n`;
}

function segmentationLines({ uid, description, notes }: NonNullable<CalciumResult['segmentation']>): string[] {
  const name = description ? `"${oneLine(description)}", ${uid}` : uid;
  return [`Vessels     of the segmentation ${name}`, ...notes.map(note => `            ${oneLine(note)}`)];
}

function row(name: string, { agatston, volumeMm3, massMg, lesions, lesionSlices }: Score & Mass): string[] {
  const mass = massMg === null ? 'n/a' : massMg.toFixed(3);
  return [name, agatston.toFixed(3), volumeMm3.toFixed(3), mass, String(lesions), String(lesionSlices)];
}

function riskLines({ mesa, arterialAgeYears, percentile }: NonNullable<CalciumResult['risk']>): string[] {
  const lines = ['Risk of coronary heart disease in 10 years (MESA 2015, unclamped)'];
  if (mesa.kind === 'risk') {
    const { withCacPercent, withoutCacPercent } = mesa;
    if (withCacPercent !== null) lines.push(`  With this score     ${withCacPercent.toFixed(2)} %`);
    lines.push(`  Without the score   ${withoutCacPercent.toFixed(2)} %`);
  } else if (mesa.kind === 'missing') {
    lines.push(`  Not given, because these inputs are missing: ${mesa.missing.join(', ')}`);
  } else {
    lines.push(...mesa.reasons.map(reason => `  Not given: ${reason}`));
  }
  lines.push(`Arterial age  ${arterialAgeYears.toFixed(1)} years`);
  if (percentile?.kind === 'refused') lines.push(`Percentile    not given: ${percentile.reason}`);
  else if (percentile) lines.push(`Percentile    ${percentile.text}`, `  ${percentileSource(percentile)}`);
  return lines;
}

/** A rule above the last row too. */
function table(rows: readonly string[][]): string[] {
  const lines = alignedTable(rows);
  return lines.length > 3 ? [...lines.slice(0, -1), lines[1]!, lines.at(-1)!] : lines;
}

function decimal(digits: number): (value: number) => string {
  return value => String(Number(value.toFixed(digits)));
}
