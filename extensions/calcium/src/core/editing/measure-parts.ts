import type { RunList } from '@voxelwise/compute/twins';
import type { LesionSet } from '../lesions.ts';
import type { FragmentTable, PartTable } from './labeled-lesions.ts';

/** Runs cut where parts meet. */
export interface CutRuns {
  readonly pieces: RunList;
  readonly partOfPiece: Int32Array;
  readonly componentOfPiece: Int32Array;
}

/** The parts' lesions, and 1 for every lesion that has more than one part. */
export interface NumberedParts {
  readonly lesion: Int32Array;
  readonly isDivided: Uint8Array;
}

/** A piece of a divided lesion; its values are the set's from firstValue on. */
export interface DividedPiece {
  readonly piece: number;
  readonly row: number;
  readonly firstValue: number;
}

/** Pixels of every component in every part. */
export function gatherFragments(
  set: LesionSet,
  cut: CutRuns,
  { lesion, isDivided }: NumberedParts,
  divided: readonly DividedPiece[],
): FragmentTable {
  const { components, hu } = set;
  const component: number[] = [];
  const part: number[] = [];
  const pixels: number[] = [];
  const sumHu: number[] = [];
  const add = (c: number, p: number, pixelCount: number, sum: number) => {
    part.push(p);
    pixels.push(pixelCount);
    sumHu.push(sum);
    return component.push(c) - 1;
  };

  const partOfLesion = new Int32Array(set.lesions.count); // where a lesion has one
  for (let p = 0; p < lesion.length; p++) partOfLesion[lesion[p]!] = p;
  for (let c = 0; c < components.count; c++) {
    const l = components.lesion[c]!;
    if (!isDivided[l]) add(c, partOfLesion[l]!, components.pixels[c]!, components.sumHu[c]!);
  }

  const fragmentsOf = new Map<number, number[]>();
  for (const { piece, firstValue } of divided) {
    const c = cut.componentOfPiece[piece]!;
    const p = cut.partOfPiece[piece]!;
    let known = fragmentsOf.get(c);
    if (!known) {
      known = [];
      fragmentsOf.set(c, known);
    }
    let fragment = known.find(f => part[f] === p);
    if (fragment === undefined) {
      fragment = add(c, p, 0, 0);
      known.push(fragment);
    }
    const length = cut.pieces.end[piece]! - cut.pieces.start[piece]!;
    let sum = 0;
    for (let value = firstValue; value < firstValue + length; value++) sum += hu[value]!;
    pixels[fragment]! += length;
    sumHu[fragment]! += sum;
  }
  return {
    count: component.length,
    component: Int32Array.from(component),
    part: Int32Array.from(part),
    pixels: Int32Array.from(pixels),
    sumHu: Float64Array.from(sumHu),
  };
}

/** The part table but for its labels. Whole lesions have the columns of their lesion. */
export function measureParts(
  set: LesionSet,
  cut: CutRuns,
  { lesion, isDivided }: NumberedParts,
  divided: readonly DividedPiece[],
  fragments: FragmentTable,
): Omit<PartTable, 'label'> {
  const { lesions, components, hu, isotropic } = set;
  const [width, rowsPerSlice] = set.dimensions;
  const { pieces, partOfPiece } = cut;
  const column = <Column extends Int32Array | Float64Array>(parts: Column, ofLesions: Column, whenDivided: number) => {
    for (let part = 0; part < lesion.length; part++) {
      const l = lesion[part]!;
      parts[part] = isDivided[l] ? whenDivided : ofLesions[l]!;
    }
    return parts;
  };
  const int32 = (ofLesions: Int32Array) => column(new Int32Array(lesion.length), ofLesions, 0);
  const float64 = (ofLesions: Float64Array) => column(new Float64Array(lesion.length), ofLesions, 0);

  const voxels = int32(lesions.voxels);
  const isotropicVoxels = lesions.isotropicVoxels && float64(lesions.isotropicVoxels);
  const peakHu = column(new Float64Array(lesion.length), lesions.peakHu, Number.NEGATIVE_INFINITY);
  const peakVoxel = int32(lesions.peakVoxel);
  const firstSlice = column(new Int32Array(lesion.length), lesions.firstSlice, -1);
  const lastSlice = int32(lesions.lastSlice);
  for (const { piece, row, firstValue } of divided) {
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
  }

  const weightedPixels = float64(lesions.weightedPixels);
  const componentCount = int32(lesions.components);
  const sumHu = float64(lesions.sumHu);
  for (let fragment = 0; fragment < fragments.count; fragment++) {
    const part = fragments.part[fragment]!;
    if (!isDivided[lesion[part]!]) continue;
    componentCount[part]!++;
    weightedPixels[part]! += fragments.pixels[fragment]! * components.weight[fragments.component[fragment]!]!;
    sumHu[part]! += fragments.sumHu[fragment]!;
  }
  return {
    count: lesion.length,
    lesion,
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

/**
 * The pieces of divided lesions in order. There are few: everything else is taken over from whole lesions, so that edits follow
 * a dragged threshold though bones have many pieces.
 */
export function dividedPieces(
  { pieces: { start, end, rowStart }, partOfPiece }: CutRuns,
  { lesion, isDivided }: NumberedParts,
): DividedPiece[] {
  const isPartDivided = Uint8Array.from(lesion, l => isDivided[l]!);
  const found: DividedPiece[] = [];
  for (let row = 0, firstValue = 0; row < rowStart.length - 1; row++) {
    for (let piece = rowStart[row]!; piece < rowStart[row + 1]!; piece++) {
      if (isPartDivided[partOfPiece[piece]!]) found.push({ piece, row, firstValue });
      firstValue += end[piece]! - start[piece]!;
    }
  }
  return found;
}
