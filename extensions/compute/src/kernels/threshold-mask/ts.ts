import type { RunControl } from '../../engine/run-control.ts';
import { type BitMask, emptyMask, thresholdMask } from '../../twins/bit-mask.ts';
import type { VoxelVolume } from '../../volume.ts';
import { inRowBands } from '../row-bands.ts';

/** The thresholdMask twin, band by band. */
export async function thresholdMaskTs(volume: VoxelVolume, threshold: number, control?: RunControl): Promise<BitMask> {
  const [width, ny, nz] = volume.dimensions;
  const mask = emptyMask(width, ny * nz);
  await inRowBands(volume, control, (band, firstRow) => {
    mask.words.set(thresholdMask(band, threshold).words, firstRow * mask.wordsPerRow);
  });
  return mask;
}
