import type { RunList } from '@voxelwise/compute/twins';
import type { LesionSet } from '../lesions.ts';
import type { FragmentTable, PartTable } from './labeled-lesions.ts';

/** Runs cut where parts meet, and the parts' lesions. */
export interface DividedPieces {
  readonly pieces: RunList;
  readonly runOfPiece: Int32Array;
  readonly partOfPiece: Int32Array;
  /** Lesion of every part. */
  readonly lesion: Int32Array;
  /** 1 for every lesion that has more than one part. */
  readonly isDivided: Uint8Array;
}

/** Calls visit for every piece of divided lesions; its values are the set's from firstValue on. */
function eachDividedPiece(
  { lesionOfRun }: LesionSet,
  { pieces, runOfPiece, isDivided }: DividedPieces,
  visit: (piece: number, row: number, firstValue: number) => void,
): void {
  const { start, end, rowStart } = pieces;
  for (let row = 0, value = 0; row < rowStart.length - 1; row++) {
    for (let piece = rowStart[row]!; piece < rowStart[row + 1]!; piece++) {
      if (isDivided[lesionOfRun[runOfPiece[piece]!]!]) visit(piece, row, value);
      value += end[piece]! - start[piece]!;
    }
  }
}

/** Pixels of every component in every part. */
export function gatherFragments(set: LesionSet, divided: DividedPieces): FragmentTable {
  const { components, componentOfRun, hu } = set;
  const { pieces, runOfPiece, partOfPiece, lesion, isDivided } = divided;
  const component: number[] = [];
  const part: number[] = [];
  const pixels: number[] = [];
  const sumHu: number[] = [];

  const partOfLesion = new Int32Array(set.lesions.count); // meant for lesions of one part
  for (let p = 0; p < lesion.length; p++) partOfLesion[lesion[p]!] = p;
  for (let c = 0; c < components.count; c++) {
    if (isDivided[components.lesion[c]!]) continue;
    component.push(c);
    part.push(partOfLesion[components.lesion[c]!]!);
    pixels.push(components.pixels[c]!);
    sumHu.push(components.sumHu[c]!);
  }

  const fragmentOf = new Map<number, number>();
  eachDividedPiece(set, divided, (piece, _row, firstValue) => {
    const c = componentOfRun[runOfPiece[piece]!]!;
    const p = partOfPiece[piece]!;
    const key = c * lesion.length + p;
    let fragment = fragmentOf.get(key);
    if (fragment === undefined) {
      fragment = component.length;
      fragmentOf.set(key, fragment);
      component.push(c);
      part.push(p);
      pixels.push(0);
      sumHu.push(0);
    }
    const length = pieces.end[piece]! - pieces.start[piece]!;
    pixels[fragment]! += length;
    for (let value = firstValue; value < firstValue + length; value++) sumHu[fragment]! += hu[value]!;
  });
  return {
    count: component.length,
    component: Int32Array.from(component),
    part: Int32Array.from(part),
    pixels: Int32Array.from(pixels),
    sumHu: Float64Array.from(sumHu),
  };
}

/** Columns of the part table. Those of whole lesions are the lesions' own. */
export function measureParts(
  set: LesionSet,
  divided: DividedPieces,
  fragments: FragmentTable,
): Omit<PartTable, 'lesion' | 'label'> {
  const { lesions, components, hu, isotropic } = set;
  const [width, rowsPerSlice] = set.dimensions;
  const { pieces, partOfPiece, lesion, isDivided } = divided;
  const column = (ofLesions: ArrayLike<number>, whenDivided: number) =>
    Array.from(lesion, l => (isDivided[l] ? whenDivided : ofLesions[l]!));

  const voxels = Int32Array.from(column(lesions.voxels, 0));
  const isotropicVoxels = lesions.isotropicVoxels && Float64Array.from(column(lesions.isotropicVoxels, 0));
  const peakHu = Float64Array.from(column(lesions.peakHu, Number.NEGATIVE_INFINITY));
  const peakVoxel = Int32Array.from(column(lesions.peakVoxel, -1));
  const firstSlice = Int32Array.from(column(lesions.firstSlice, -1));
  const lastSlice = Int32Array.from(column(lesions.lastSlice, -1));
  eachDividedPiece(set, divided, (piece, row, firstValue) => {
    const part = partOfPiece[piece]!;
    const start = pieces.start[piece]!;
    const length = pieces.end[piece]! - start;
    const slice = Math.floor(row / rowsPerSlice);
    if (firstSlice[part]! < 0) firstSlice[part] = slice;
    lastSlice[part] = slice;
    voxels[part]! += length;
    for (let i = 0; i < length; i++) {
      const value = hu[firstValue + i]!;
      if (isotropicVoxels) isotropicVoxels[part]! += isotropic![firstValue + i]!;
      if (!(value > peakHu[part]!)) continue;
      peakHu[part] = value;
      peakVoxel[part] = row * width + start + i;
    }
  });

  const weightedPixels = Float64Array.from(column(lesions.weightedPixels, 0));
  const componentCount = Int32Array.from(column(lesions.components, 0));
  const sumHu = Float64Array.from(column(lesions.sumHu, 0));
  for (let fragment = 0; fragment < fragments.count; fragment++) {
    const part = fragments.part[fragment]!;
    if (!isDivided[lesion[part]!]) continue;
    componentCount[part]!++;
    weightedPixels[part]! += fragments.pixels[fragment]! * components.weight[fragments.component[fragment]!]!;
    sumHu[part]! += fragments.sumHu[fragment]!;
  }
  return {
    count: lesion.length,
    voxels,
    isotropicVoxels,
    weightedPixels,
    components: componentCount,
    sumHu,
    peakHu,
    peakVoxel,
    firstSlice,
    lastSlice,
  };
}
