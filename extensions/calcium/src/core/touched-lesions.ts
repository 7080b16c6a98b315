import { restrictRuns, thresholdRuns, type ValuedRuns } from '@voxelwise/compute/twins';
import type { Convention } from './convention.ts';
import type { HuVolume } from './hu-volume.ts';
import { type LesionSet, lesionsOfRuns } from './lesions.ts';
import { type Region, spansInRegion } from './region.ts';
import type { VoxelRuns } from './voxel-runs.ts';

/** A volume of which only some slices are looked at. */
export interface SlicedVolume extends Pick<HuVolume, 'dimensions' | 'spacingMm'> {
  /** Values of a slice in HU, padding excluded. */
  readonly slice: (slice: number) => HuVolume['voxels'];
}

interface TouchedOptions {
  /** Voxels whose lesions are wanted; those below the threshold are passed over. */
  readonly seeds: readonly VoxelRuns[];
  readonly convention: Convention;
  readonly region?: Region | null;
  /** Null is given instead of lesions that are larger in all. */
  readonly mostVoxels: number;
}

/**
 * The lesions that hold one of the seeds, each exactly as a search of the whole volume finds it: everything at or above
 * the threshold that hangs together with the seeds is gathered, and then counted by the same code. The work is that of the
 * lesions, not of the volume. Edits touch no other lesions, so these are enough for the scores of the vessels.
 * @returns null where the lesions are too large, or depend on more than their voxels (isotropic volume)
 */
export function touchedLesions(
  volume: SlicedVolume,
  { seeds, convention, region, mostVoxels }: TouchedOptions,
): LesionSet | null {
  if (convention.volumeMethod !== 'voxels') return null;
  const connected = connectedRuns(volume, seeds, convention.thresholdHu, mostVoxels);
  if (!connected) return null;
  return lesionsOfRuns(insideRegion(connected, volume, region, 0), { ...volume, voxels: NONE }, convention);
}

/** Components of one slice that are large enough, as the lesions of a volume of this slice alone. */
export function lesionsOfSlice(
  volume: SlicedVolume,
  slice: number,
  convention: Convention,
  region?: Region | null,
): LesionSet {
  const [width, rows] = volume.dimensions;
  const alone = { dimensions: [width, rows, 1] as const, spacingMm: volume.spacingMm, voxels: volume.slice(slice) };
  const found = thresholdRuns(alone, convention.thresholdHu);
  return lesionsOfRuns(insideRegion(found, volume, region, slice * rows), alone, convention);
}

/** The voxels of lesions that are found from runs with values are not read again. */
const NONE = new Int16Array();

function insideRegion(
  found: ValuedRuns,
  volume: SlicedVolume,
  region: Region | null | undefined,
  firstRow: number,
): ValuedRuns {
  if (!region) return found;
  const spansOf = spansInRegion(volume, region);
  return restrictRuns(found, row => spansOf(firstRow + row));
}

/** Everything at or above the threshold that is 26-connected with the seeds, whose own voxels need not be connected. */
function connectedRuns(
  volume: SlicedVolume,
  seeds: readonly VoxelRuns[],
  threshold: number,
  mostVoxels: number,
): ValuedRuns | null {
  const {
    dimensions: [width, rowsPerSlice, slices],
    slice,
  } = volume;
  /** [start, end) of every row's runs, in the order in which they were found. */
  const found = new Map<number, [start: number, end: number][]>();
  const waiting: { readonly row: number; readonly start: number; readonly end: number }[] = [];
  let voxels = 0;

  /** Finds the runs of a row that hold one of the columns [from, to). */
  const search = (row: number, from: number, to: number) => {
    const values = slice(Math.floor(row / rowsPerSlice));
    const first = (row % rowsPerSlice) * width;
    const known = found.get(row);
    for (let x = Math.max(0, from); x < Math.min(width, to); x++) {
      if (!(values[first + x]! >= threshold)) continue;
      const knownRun = known?.find(([start, end]) => x >= start && x < end);
      if (knownRun) {
        x = knownRun[1];
        continue;
      }
      let start = x;
      let end = x + 1;
      while (start > 0 && values[first + start - 1]! >= threshold) start--;
      while (end < width && values[first + end]! >= threshold) end++;
      const runs = known ?? found.get(row);
      if (runs) runs.push([start, end]);
      else found.set(row, [[start, end]]);
      waiting.push({ row, start, end });
      voxels += end - start;
      x = end;
    }
  };

  for (const { row, start, end } of seeds) {
    for (let i = 0; i < row.length; i++) {
      if (row[i]! >= 0 && row[i]! < rowsPerSlice * slices) search(row[i]!, start[i]!, end[i]!);
    }
  }
  for (let run = waiting.pop(); run; run = waiting.pop()) {
    if (voxels > mostVoxels) return null;
    const z = Math.floor(run.row / rowsPerSlice);
    const y = run.row % rowsPerSlice;
    for (let nearZ = Math.max(0, z - 1); nearZ <= Math.min(slices - 1, z + 1); nearZ++) {
      for (let nearY = Math.max(0, y - 1); nearY <= Math.min(rowsPerSlice - 1, y + 1); nearY++) {
        if (nearZ !== z || nearY !== y) search(nearZ * rowsPerSlice + nearY, run.start - 1, run.end + 1);
      }
    }
  }
  return inRasterOrder(found, voxels, volume);
}

function inRasterOrder(
  found: ReadonlyMap<number, [start: number, end: number][]>,
  voxels: number,
  { dimensions: [width, rowsPerSlice, slices], slice }: SlicedVolume,
): ValuedRuns {
  const rowStart = new Int32Array(rowsPerSlice * slices + 1);
  const start: number[] = [];
  const end: number[] = [];
  const values = new Float32Array(voxels); // exact for the integers of an Int16 volume, too
  let next = 0;
  let rowsDone = 0;
  for (const [row, runs] of [...found].sort(([a], [b]) => a - b)) {
    rowStart.fill(start.length, rowsDone, row + 1);
    rowsDone = row + 1;
    const ofSlice = slice(Math.floor(row / rowsPerSlice));
    const first = (row % rowsPerSlice) * width;
    for (const [from, to] of runs.sort(([a], [b]) => a - b)) {
      start.push(from);
      end.push(to);
      for (let x = from; x < to; x++) values[next++] = ofSlice[first + x]!;
    }
  }
  rowStart.fill(start.length, rowsDone);
  return { runs: { start: Int32Array.from(start), end: Int32Array.from(end), rowStart, count: start.length }, values };
}
