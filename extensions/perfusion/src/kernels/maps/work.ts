import type { Sample, VoxelVolume } from '@voxelwise/compute';
import type { MapsParameters } from '../maps-parameters.ts';

/** Voxels at which a mask is looked at to know how full it is. */
const LOOKS = 1024;
/** Iterations of Lucy-Richardson on tissue, as the noise usually stops it. */
const USUAL_ITERATIONS = 8;

/** Roughly the multiplications per voxel and time point. */
export function workPerVoxel(
  _: Pick<VoxelVolume, 'dimensions'>,
  { timePoints, method, mask, smoothing }: MapsParameters,
) {
  const step = Math.max(1, Math.floor(mask.length / LOOKS));
  let [looks, inside] = [0, 0];
  for (let voxel = step >> 1; voxel < mask.length; voxel += step, looks++) if (mask[voxel] !== 0) inside++;
  const deconvolution = { csvd: 2, ssvd: 1, tikhonov: 1, osvd: 16, lr: USUAL_ITERATIONS }[method.name] * timePoints;
  const curves = 16 + smoothing.time.length;
  return 4 + smoothing.x.length + smoothing.y.length + (inside / Math.max(1, looks)) * (curves + deconvolution);
}

/** Whole slices from the middle; rows from the middle of one, in all its time points, where a slice is too much. */
export function sampleOf(
  { voxels, dimensions: [nx, rows, nz] }: VoxelVolume,
  parameters: MapsParameters,
  maximumBytes: number,
): Sample<MapsParameters> {
  const { timePoints, mask } = parameters;
  const ny = rows / timePoints;
  const rowBytes = nx * timePoints * voxels.BYTES_PER_ELEMENT;
  const slices = Math.min(nz, Math.floor(maximumBytes / (rowBytes * ny)));
  const firstSlice = Math.floor((nz - Math.max(1, slices)) / 2);
  const whole = (parameters.firstSlice ?? 0) + firstSlice;
  if (slices > 0) {
    const part = voxels.subarray(firstSlice * nx * rows, (firstSlice + slices) * nx * rows);
    return {
      volume: { voxels: part, dimensions: [nx, rows, slices] },
      parameters: { ...parameters, firstSlice: whole },
    };
  }
  const sampleRows = Math.min(ny, Math.max(1, Math.floor(maximumBytes / rowBytes)));
  const firstRow = Math.floor((ny - sampleRows) / 2);
  const length = nx * sampleRows;
  const part =
    voxels instanceof Int16Array ? new Int16Array(length * timePoints) : new Float32Array(length * timePoints);
  for (let t = 0; t < timePoints; t++) {
    const from = (firstSlice * rows + t * ny + firstRow) * nx;
    part.set(voxels.subarray(from, from + length), t * length);
  }
  const fromMask = (whole * ny + firstRow) * nx;
  const { firstSlice: _, ...others } = parameters;
  return {
    volume: { voxels: part, dimensions: [nx, sampleRows * timePoints, 1] },
    parameters: { ...others, mask: mask.slice(fromMask, fromMask + length) },
  };
}
