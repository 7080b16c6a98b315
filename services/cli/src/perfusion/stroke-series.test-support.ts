import { type StrokePhantom, strokePhantom } from '@voxelwise/perfusion/phantoms';
import { writeDynamicSeries } from '../testing/dynamic-series.test-support.ts';

const SIZE = 64;
const SLICES = 6;
const TIME_POINTS = 45;

/** The stroke phantom at low resolution, in whole HU. */
export function smallStroke(noiseSd: number): StrokePhantom {
  return strokePhantom({
    dimensions: [SIZE, SIZE, SLICES],
    sliceIncrementMm: 3,
    timePoints: TIME_POINTS,
    noiseSd,
    wholeNumbers: true,
  });
}

/** Writes the phantom as a CT series, one file per slice and time point, told apart by AcquisitionTime. */
export function writeStroke(
  folder: string,
  { volume: { voxels, spacingMm, intervalS } }: StrokePhantom,
  timePoints = TIME_POINTS,
): string {
  const valueAt = (t: number, z: number, y: number, x: number) =>
    voxels[((z * TIME_POINTS + t) * SIZE + y) * SIZE + x]!;
  const changes = { '00280030': ['DS', spacingMm.slice(0, 2).join('\\')] } as const;
  return writeDynamicSeries(folder, { timePoints, slices: SLICES, size: SIZE, intervalS, valueAt, changes });
}
