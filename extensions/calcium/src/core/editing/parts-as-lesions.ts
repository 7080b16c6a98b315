import type { LesionSet } from '../lesions.ts';
import { VESSELS, type Vessel } from '../vessel.ts';
import type { LabeledLesions } from './labeled-lesions.ts';

/**
 * Parts in the shape of lesions, for whoever looks at lesions one by one: list, tint, key images, warnings. A component
 * that parts share is one component of each; it keeps the peak and the weight of the whole.
 */
export function partsAsLesions(labeled: LabeledLesions): LesionSet {
  const { set, pieces, partOfPiece, parts, fragments } = labeled;
  if (pieces === set.runs) return { ...set, lesions: parts };
  const { components, componentOfRun, runs } = set;
  const ofFragment = <Column extends ArrayLike<number>>(column: Column) =>
    Array.from(fragments.component, component => column[component]!);
  const fragmentOf = new Map<number, number>();
  for (let fragment = 0; fragment < fragments.count; fragment++) {
    fragmentOf.set(fragments.component[fragment]! * parts.count + fragments.part[fragment]!, fragment);
  }
  const fragmentOfPiece = new Int32Array(pieces.count);
  for (let row = 0; row < pieces.rowStart.length - 1; row++) {
    let run = runs.rowStart[row]!;
    for (let piece = pieces.rowStart[row]!; piece < pieces.rowStart[row + 1]!; piece++) {
      while (runs.end[run]! <= pieces.start[piece]!) run++;
      fragmentOfPiece[piece] = fragmentOf.get(componentOfRun[run]! * parts.count + partOfPiece[piece]!)!;
    }
  }
  return {
    ...set,
    runs: pieces,
    lesionOfRun: partOfPiece,
    componentOfRun: fragmentOfPiece,
    lesions: parts,
    components: {
      ...components,
      count: fragments.count,
      slice: Int32Array.from(ofFragment(components.slice)),
      pixels: fragments.pixels,
      peakHu: Float64Array.from(ofFragment(components.peakHu)),
      weight: Uint8Array.from(ofFragment(components.weight)),
      sumHu: fragments.sumHu,
      lesion: fragments.part,
    },
  };
}

/** Vessel of every part, null where it has none or is excluded. */
export function vesselsOfParts({ parts }: LabeledLesions): (Vessel | null)[] {
  return parts.label.map(label => VESSELS.find(vessel => vessel === label) ?? null);
}

/** Column, row and slice of the volume. */
export type Voxel = readonly [x: number, y: number, z: number];

/** The brightest voxel of a part, null where there is none. */
export function voxelOfPart(labeled: LabeledLesions | null, part: number): Voxel | null {
  const voxel = labeled?.parts.peakVoxel[part];
  if (!labeled || voxel === undefined) return null;
  const [nx, ny] = labeled.set.dimensions;
  return [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
}
