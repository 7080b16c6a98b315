import { DynamicSeriesError } from './dynamic-series-error.ts';
import type { DynamicStack } from './dynamic-stack.ts';

/** The array of a 4D series while it is filled. */
export interface DynamicVoxels {
  /**
   * Copies the values of slice z at time point t.
   * @param padding values in this closed range are no measurements: they become air, or no signal
   */
  write(t: number, z: number, values: ArrayLike<number>, padding?: readonly [number, number] | null): void;
  /** index = ((z * timePoints + t) * rows + y) * columns + x. Not a copy. */
  array(): Int16Array | Float32Array;
}

type Layout = Pick<DynamicStack, 'dimensions' | 'order' | 'values' | 'signal'>;

/** What stands where nothing was measured: air in HU; no signal in MR. */
export function valueOfPadding({ signal }: Pick<DynamicStack, 'signal'>): number {
  return signal.kind === 'attenuation' ? -1024 : 0;
}

/**
 * Makes the array: Int16 as long as every value is an integer that fits, which is nearly always; else Float32.
 * @throws DynamicSeriesError where memory does not hold the series
 */
export function createDynamicVoxels(layout: Layout): DynamicVoxels {
  const { dimensions, order, values } = layout;
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
      throw new DynamicSeriesError(
        'too-large',
        `The series has ${timePoints} x ${slices} images of ${columns} x ${rows} pixels, which need ${megabytes} MiB, more than memory holds; close what else is open, or take a series of fewer or smaller slices.`,
      );
    }
  };
  let voxels = allocate(isInteger ? Int16Array : Float32Array);
  return {
    write(t, z, given, padding = null) {
      if (given.length !== sliceLength) {
        throw new DynamicSeriesError(
          'different-slices',
          `The image of slice ${z + 1} at time point ${t + 1} has ${given.length} pixels where ${sliceLength} are expected; get the series again from its source.`,
        );
      }
      const measured = padding ? withoutPadding(given, padding, valueOfPadding(layout)) : given;
      if (voxels instanceof Int16Array && !fitsInt16(measured)) {
        const wider = allocate(Float32Array);
        wider.set(voxels);
        voxels = wider;
      }
      voxels.set(measured, (z * timePoints + t) * sliceLength);
    },
    array: () => voxels,
  };
}

function withoutPadding(values: ArrayLike<number>, padding: readonly [number, number], instead: number): Float32Array {
  // In the precision of a viewer's voxels.
  const [lowest, highest] = padding.map(Math.fround) as [number, number];
  return Float32Array.from(values, value => (value >= lowest && value <= highest ? instead : value));
}

function fitsInt16(values: ArrayLike<number>): boolean {
  if (values instanceof Int16Array || values instanceof Int8Array || values instanceof Uint8Array) return true;
  for (let pixel = 0; pixel < values.length; pixel++) {
    const value = values[pixel]!;
    if (value !== Math.round(value) || value < -32768 || value > 32767) return false;
  }
  return true;
}
