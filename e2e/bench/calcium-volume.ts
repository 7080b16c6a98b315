import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cardiacPhantom } from '@voxelwise/viewer/cardiac-phantom';
import { ctImageFile, newUid } from '../support/ct-image.ts';

const SLICES = 64;
const SLICE_LENGTH = 512 * 512;

/** The sample study's volume, its first slices repeated to make 64, with its calcifications. */
export function calciumVolume64() {
  const { hu, spacingMm, calcifications } = cardiacPhantom({ seed: 20 });
  const voxels = new Int16Array(SLICE_LENGTH * SLICES);
  voxels.set(hu);
  voxels.set(hu.subarray(0, voxels.length - hu.length), hu.length);
  return { voxels, dimensions: [512, 512, SLICES] as const, spacingMm, calcifications };
}

/** Writes the volume as a CT series. @returns the study's UID */
export async function writeCalciumStudy(
  folder: string,
  { voxels, spacingMm }: Pick<ReturnType<typeof calciumVolume64>, 'voxels' | 'spacingMm'>,
): Promise<string> {
  const series = { studyUid: newUid(), seriesUid: newUid(), frameOfReferenceUid: newUid() };
  for (let slice = 0; slice < SLICES; slice++) {
    const file = ctImageFile({
      ...series,
      seriesNumber: 2,
      seriesDescription: 'Cardiac 3.0, 64 slices',
      imageType: 'AXIAL',
      instanceNumber: slice + 1,
      positionMm: [0, 0, spacingMm[2] * slice],
      orientation: [1, 0, 0, 0, 1, 0],
      pixelSpacingMm: spacingMm[0],
      hu: voxels.subarray(slice * SLICE_LENGTH, (slice + 1) * SLICE_LENGTH),
    });
    await writeFile(path.join(folder, `${slice}.dcm`), file);
  }
  return series.studyUid;
}
