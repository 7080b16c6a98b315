import type { VoxelRuns } from '../voxel-runs.ts';
import type { Edit, Label } from './edit.ts';
import { type LabeledLesions, voxelsOfParts } from './labeled-lesions.ts';

/**
 * Few and small edits that give a label again to all that has it: one voxel of every whole lesion, as a click names it, and
 * the voxels of the parts of divided ones. With those of the other labels they make the same labels on the same lesions.
 */
export function labelEdits(labeled: LabeledLesions, label: Label): Edit[] {
  const { parts, set } = labeled;
  const [width] = set.dimensions;
  const edits: Edit[] = [];
  const ofDivided = new Set<number>();
  for (let part = 0; part < parts.count; part++) {
    if (parts.label[part] !== label) continue;
    if (parts.voxels[part] === set.lesions.voxels[parts.lesion[part]!]) {
      edits.push({ kind: 'assign', label, voxels: oneVoxel(parts.peakVoxel[part]!, width) });
    } else {
      ofDivided.add(part);
    }
  }
  if (ofDivided.size === 0) return edits;
  return [...edits, { kind: 'paint', label, voxels: voxelsOfParts(labeled, part => ofDivided.has(part)) }];
}

function oneVoxel(voxel: number, width: number): VoxelRuns {
  const [row, x] = [Math.floor(voxel / width), voxel % width];
  return { row: Int32Array.of(row), start: Int32Array.of(x), end: Int32Array.of(x + 1) };
}
