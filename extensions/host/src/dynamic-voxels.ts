import type { DynamicStack } from '@voxelwise/dicom';
import { VolumeLoadingError } from './volume-loading.ts';

/** The array of a 4D series while it is filled. */
export interface DynamicVoxels {
  /** Copies the values of slice z at time point t. */
  write(t: number, z: number, values: ArrayLike<number>): void;
  /** index = ((z * timePoints + t) * rows + y) * columns + x. Not a copy. */
  array(): Int16Array | Float32Array;
}

/** Int16 as long as every value is an integer that fits, which is nearly always; else Float32. */
export function createDynamicVoxels({
  dimensions,
  order,
  values,
}: Pick<DynamicStack, 'dimensions' | 'order' | 'values'>): DynamicVoxels {
  const [columns, rows, slices] = dimensions;
  const timePoints = order.length;
  const sliceLength = columns * rows;
  const isInteger = [...values.values()].every(
    ({ slope, intercept }) => Number.isInteger(slope) && Number.isInteger(intercept),
  );
  const allocate = (Type: typeof Int16Array | typeof Float32Array): Int16Array | Float32Array => {
    const length = sliceLength * slices * timePoints;
    try {
      return new Type(length);
    } catch {
      const megabytes = Math.round((length * Type.BYTES_PER_ELEMENT) / 2 ** 20);
      throw new VolumeLoadingError(
        `The series has ${timePoints} x ${slices} images of ${columns} x ${rows} pixels, and the browser does not give the ${megabytes} MiB that they need; close other studies and tabs, and open the series again.`,
      );
    }
  };
  let voxels = allocate(isInteger ? Int16Array : Float32Array);
  return {
    write(t, z, sliceValues) {
      if (sliceValues.length !== sliceLength) {
        throw new VolumeLoadingError(
          `An image of time point ${t + 1}, slice ${z + 1}, has ${sliceValues.length} pixels where ${sliceLength} are expected. Reload the study.`,
        );
      }
      if (voxels instanceof Int16Array && !fitsInt16(sliceValues)) {
        const wider = allocate(Float32Array);
        wider.set(voxels);
        voxels = wider;
      }
      voxels.set(sliceValues, (z * timePoints + t) * sliceLength);
    },
    array: () => voxels,
  };
}

function fitsInt16(values: ArrayLike<number>): boolean {
  if (values instanceof Int16Array || values instanceof Int8Array || values instanceof Uint8Array) return true;
  for (let pixel = 0; pixel < values.length; pixel++) {
    const value = values[pixel]!;
    if (value !== Math.round(value) || value < -32768 || value > 32767) return false;
  }
  return true;
}
