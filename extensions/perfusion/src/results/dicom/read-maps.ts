import {
  type DerivedSource,
  DicomResultError,
  isSameCode,
  readParametricMap,
  type SourceSlice,
  type StoredParametricMap,
} from '@voxelwise/dicom';
import { PERFUSION_MAPS, type PerfusionMap } from '../../core/index.ts';
import { MAP_QUANTITIES } from './perfusion-codes.ts';

/** A map of perfusion on the slices of a source. */
export interface StoredMap {
  readonly map: PerfusionMap;
  readonly sopInstanceUid: string;
  /** Exactly as they were written, slices in the order of the source. */
  readonly values: Float32Array;
}

/** How far a frame may lie from the slice that it belongs to. */
const TOLERANCE_MM = 0.01;

/**
 * Reads a Parametric Map of ours as a map on the given slices.
 * @throws DicomResultError where it is no map of perfusion, was stored by another rule, or does not lie on the slices
 */
export function readPerfusionMap(file: Uint8Array, source: DerivedSource): StoredMap {
  const stored = readParametricMap(file);
  const map = PERFUSION_MAPS.find(name => isSameCode(stored.quantity, MAP_QUANTITIES[name]));
  if (!map) {
    throw new DicomResultError(
      `This parametric map is no map of perfusion: it holds ${stored.quantity?.meaning ?? (stored.label || 'a quantity without a name')}.`,
    );
  }
  if (!(stored.voxels instanceof Float32Array)) {
    throw new DicomResultError(`The ${map} map is not stored as 32-bit values in its own unit, so it is none of ours.`);
  }
  return { map, sopInstanceUid: stored.sopInstanceUid, values: onSlices(stored, stored.voxels, source, map) };
}

/** The frames in the order of the slices that they belong to. */
function onSlices(
  { dimensions: [columns, rows, frames], frames: places, pixelSpacingMm }: StoredParametricMap,
  voxels: Float32Array,
  { slices }: DerivedSource,
  map: PerfusionMap,
): Float32Array {
  const [first] = slices;
  if (frames !== slices.length || columns !== first?.columns || rows !== first.rows) {
    throw new DicomResultError(
      `The ${map} map has ${frames} slices of ${rows} x ${columns}, and the series ${slices.length} of ${first?.rows} x ${first?.columns}.`,
    );
  }
  const isSameSpacing = first.decimals.pixelSpacing.every((text, axis) => Number(text) === pixelSpacingMm[axis]);
  if (!isSameSpacing) throw new DicomResultError(`The ${map} map has another pixel spacing than the series.`);
  const values = new Float32Array(voxels.length);
  const length = columns * rows;
  const taken = new Set<number>();
  places.forEach((place, frame) => {
    const slice = slices.findIndex(
      (one, index) =>
        one.sopInstanceUid === place.sourceSopInstanceUids[0] && !taken.has(index) && isSamePlace(place, one),
    );
    if (slice < 0) {
      throw new DicomResultError(`Frame ${frame + 1} of the ${map} map belongs to no slice of this series.`);
    }
    taken.add(slice);
    values.set(voxels.subarray(frame * length, (frame + 1) * length), slice * length);
  });
  return values;
}

function isSamePlace(
  { position, orientation }: StoredParametricMap['frames'][number],
  slice: Pick<SourceSlice, 'position' | 'orientation'>,
): boolean {
  const awayMm = Math.hypot(...slice.position.map((mm, axis) => mm - (position[axis] ?? Number.NaN)));
  const isParallel = slice.orientation.every(
    (cosine, axis) => Math.abs(cosine - (orientation[axis] ?? Number.NaN)) < 1e-6,
  );
  return awayMm <= TOLERANCE_MM && isParallel;
}
