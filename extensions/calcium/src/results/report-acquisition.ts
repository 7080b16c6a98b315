import { type Fact, joined, short, withUnit } from '@voxelwise/dicom';
import type { CalciumReport } from './report.ts';

/** How the scan was made. */
export function acquisitionFacts({ acquisition: a }: CalciumReport): Fact[] {
  const thickness = withUnit(a.sliceThicknessMm, 'mm');
  return [
    ['Series', a.seriesDescription],
    ['Scanner', joined(' ', a.manufacturer, a.model)],
    ['Tube', joined(', ', withUnit(a.kvp, 'kV'), withUnit(a.tubeCurrentMa, 'mA'))],
    ['Kernel', a.kernel],
    ['Slices', `${a.slices}, every ${short(a.incrementMm)} mm${thickness && `, ${thickness} thick`}`],
    ['Pixel', `${a.pixelSpacingMm.map(short).join(' × ')} mm`],
    ['Gating', a.gating],
  ];
}
