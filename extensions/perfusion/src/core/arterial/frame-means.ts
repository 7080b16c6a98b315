import type { DynamicVolume } from '../dynamic-volume.ts';

/** Mean image of the time points [from, end), one value per voxel of [nx, ny, nz]. */
export function meanImage(volume: DynamicVolume, [from, end]: readonly [number, number]): Float32Array {
  const { voxels, dimensions, timePoints } = volume;
  const sliceLength = dimensions[0] * dimensions[1];
  const image = new Float32Array(sliceLength * dimensions[2]);
  const sums = new Float64Array(sliceLength);
  for (let z = 0; z < dimensions[2]; z++) {
    sums.fill(0);
    for (let t = from; t < end; t++) {
      const frame = (z * timePoints + t) * sliceLength;
      for (let i = 0; i < sliceLength; i++) sums[i]! += voxels[frame + i]!;
    }
    for (let i = 0; i < sliceLength; i++) image[z * sliceLength + i] = sums[i]! / (end - from);
  }
  return image;
}

/** Mean of a mask's voxels at every time point, in the unit of the image. Values that are no numbers are left out. */
export function meanOverTime(volume: DynamicVolume, mask: Uint8Array): Float64Array {
  const { voxels, dimensions, timePoints } = volume;
  const sliceLength = dimensions[0] * dimensions[1];
  return Float64Array.from({ length: timePoints }, (_, t) => {
    let sum = 0;
    let count = 0;
    for (let z = 0; z < dimensions[2]; z++) {
      const frame = (z * timePoints + t) * sliceLength;
      for (let i = 0; i < sliceLength; i++) {
        if (mask[z * sliceLength + i] !== 1) continue;
        const value = voxels[frame + i]!;
        if (!Number.isFinite(value)) continue;
        sum += value;
        count++;
      }
    }
    return sum / count;
  });
}
