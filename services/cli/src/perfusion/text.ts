import { PERFUSION_MAPS } from '@voxelwise/perfusion/core';
import { formatMapValue, MAP_DISPLAYS } from '@voxelwise/perfusion/results';
import { oneLine } from '../refusal.ts';
import { alignedTable } from '../text-table.ts';
import type { FolderResult, VesselInformation } from './folder-result.ts';

/** A result for people: series, maps, volumes with their rules, convention. Warnings are printed apart, on stderr. */
export function toText({ series, convention, aif, vof, maps, volumes, files = [], timing }: FolderResult): string {
  const known = (...parts: (string | null)[]) => parts.filter(part => part !== null).join(', ');
  const size = `${series.slices} slices of ${series.rows} x ${series.columns}`;
  const times = `${convention.timePoints} time points every ${Number(convention.intervalS.toPrecision(6))} s`;
  const lines = [
    `Series      ${known(series.description, series.modality, series.uid)}`,
    `Scanner     ${known(series.manufacturer, series.model) || 'not recorded'}`,
    `Volume      ${size}, ${times}`,
    ...series.notes.map(note => `            ${note}`),
    `AIF         ${vesselText(aif)}; ${aif.inWords}`,
    `VOF         ${vof ? vesselText(vof) : 'none was found'}`,
    '',
    ...alignedTable([
      ['Tissue', 'Mean', 'Median', 'SD', 'Unit', 'Voxels'],
      ...PERFUSION_MAPS.map(map => {
        const found = maps[map];
        if (!found) return [MAP_DISPLAYS[map].name, 'no value', '', '', '', '0'];
        const [mean, median, sd] = [found.mean, found.median, found.standardDeviation].map(value =>
          formatMapValue(map, value),
        );
        return [
          `${map}, ${MAP_DISPLAYS[map].name.toLowerCase()}`,
          mean!,
          median!,
          sd!,
          found.unit,
          String(found.voxels),
        ];
      }),
    ]),
    ...(volumes ? ['', ...volumeLines(volumes)] : []),
    '',
    'Convention',
    ...convention.inWords.map(line => `  ${line}`),
    `  Computed by voxelwise ${convention.software.version} (${timing.producer}) in ${timing.computeMs.toFixed(0)} ms`,
    ...timing.notes.map(note => `  ${note}`),
    ...(files.length > 0 ? ['', 'Written', ...files.map(({ path }) => `  ${oneLine(path)}`)] : []),
    '',
    'Not for diagnostic use.',
  ];
  return `${lines.join('\n')}\n`;
}

function vesselText({ voxels, chosenBy, arrivalS, peakS, peak }: VesselInformation): string {
  const by = chosenBy === 'automatic' ? 'found automatically' : 'chosen';
  const count = voxels.length === 1 ? '1 voxel' : `${voxels.length} voxels`;
  return `${count} ${by}, arrival ${arrivalS.toFixed(1)} s, peak ${peak.toFixed(1)} at ${peakS.toFixed(1)} s`;
}

function volumeLines({ numbers, inWords }: NonNullable<FolderResult['volumes']>): string[] {
  const text = ({ value, unit }: (typeof numbers)[number]) =>
    value === null ? 'not defined' : unit === 'mL' ? `${value.toFixed(1)} mL` : value.toFixed(2);
  const width = Math.max(...numbers.map(({ name }) => name.length));
  return [
    ...numbers.map(number => `${number.name.padEnd(width)}  ${text(number).padStart(11)}  ${number.rule}`),
    ...inWords.map(line => `  ${line}`),
  ];
}
