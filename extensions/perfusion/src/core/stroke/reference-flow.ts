import type { Dimensions } from '../masks/components.ts';
import { isBeyondMidline, type Midline, mirrorLine } from '../masks/midline.ts';
import { mirroredVoxel } from '../regions/region-voxels.ts';
import { localMedian } from './local-median.ts';

/** What the flow of a voxel is compared with. */
export type FlowReference =
  | {
      /** The same tissue on the other side: the median of a disk about the mirrored voxel. */
      readonly kind: 'mirrored';
      readonly radiusMm: number;
    }
  | {
      /** All tissue of the other hemisphere: its median. Gray and white matter are compared with the same value. */
      readonly kind: 'hemisphere';
    };

export const DEFAULT_FLOW_REFERENCE: FlowReference = { kind: 'mirrored', radiusMm: 5 };

/** The reference in words, for printing beside numbers. */
export function referenceInWords(reference: FlowReference): string {
  return reference.kind === 'mirrored'
    ? `the same tissue on the other side (median within ${reference.radiusMm} mm of the mirrored voxel)`
    : 'the other hemisphere (median of its gray and white matter)';
}

/**
 * Flow that each voxel is compared with.
 * @param tissue 1 where the maps mean something: the brain without vessels and fluid
 * @returns one value per voxel, in the unit of the flow; NaN outside the tissue and where the other side has none
 */
export function referenceFlow(
  cbf: Float32Array,
  tissue: Uint8Array,
  midline: Midline,
  dimensions: Dimensions,
  spacingMm: readonly [number, number, number],
  reference: FlowReference,
): Float32Array {
  const references = new Float32Array(cbf.length).fill(Number.NaN);
  if (reference.kind === 'hemisphere') {
    const sides = [[] as number[], [] as number[]] as const;
    for (let voxel = 0; voxel < cbf.length; voxel++) {
      if (tissue[voxel] !== 1 || !Number.isFinite(cbf[voxel])) continue;
      sides[isBeyondMidline(midline, voxel, dimensions, spacingMm) ? 1 : 0].push(cbf[voxel]!);
    }
    const [near, far] = sides.map(values => Float32Array.from(values).sort()[values.length >> 1] ?? Number.NaN);
    for (let voxel = 0; voxel < cbf.length; voxel++) {
      if (tissue[voxel] === 1)
        references[voxel] = isBeyondMidline(midline, voxel, dimensions, spacingMm) ? near! : far!;
    }
    return references;
  }
  const medians = localMedian(cbf, tissue, dimensions, spacingMm, reference.radiusMm);
  const sliceLength = dimensions[0] * dimensions[1];
  for (let slice = 0; slice < dimensions[2]; slice++) {
    const line = mirrorLine(midline, slice, spacingMm);
    for (let voxel = slice * sliceLength; voxel < (slice + 1) * sliceLength; voxel++) {
      if (tissue[voxel] !== 1) continue;
      const other = mirroredVoxel(voxel, line, dimensions, spacingMm);
      if (other >= 0) references[voxel] = medians[other]!;
    }
  }
  return references;
}
