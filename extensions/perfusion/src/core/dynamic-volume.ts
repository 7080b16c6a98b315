/** What the scanner measured over time. */
export type DynamicSignal =
  /** CT: HU, linear in iodine. */
  | { readonly kind: 'attenuation' }
  /** MR, dynamic susceptibility contrast: any unit, proportional to exp(-TE * R2*). */
  | { readonly kind: 'susceptibility'; readonly echoTimeS: number };

/** A 4D series: one value per voxel and time point, at equal intervals. */
export interface DynamicVolume {
  /**
   * All time points of a slice lie together, so that slices can be computed apart:
   * index = ((z * timePoints + t) * ny + y) * nx + x. CT in HU.
   */
  readonly voxels: Int16Array | Float32Array;
  /** Voxels per axis [nx, ny, nz]. */
  readonly dimensions: readonly [number, number, number];
  readonly timePoints: number;
  readonly intervalS: number;
  /** [column spacing, row spacing, increment between slices] in mm. */
  readonly spacingMm: readonly [number, number, number];
  readonly signal: DynamicSignal;
}

/** Values of one voxel over time. */
export function curveAt({ voxels, dimensions, timePoints }: DynamicVolume, voxel: number): Float64Array {
  const [nx, ny] = dimensions;
  const sliceLength = nx * ny;
  const slice = Math.floor(voxel / sliceLength);
  const first = slice * timePoints * sliceLength + (voxel - slice * sliceLength);
  return Float64Array.from({ length: timePoints }, (_, t) => voxels[first + t * sliceLength]!);
}
