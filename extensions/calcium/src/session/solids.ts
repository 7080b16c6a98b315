import { imagePlane, numbers, type VoxelGrid, type VoxelSolid } from '@voxelwise/host';
import { type LabeledLesions, voxelsOfParts } from '../core/index.ts';
import type { CtSeries } from './ct-series.ts';
import { colorOf } from './label-colors.ts';

/** Where the voxels of a series lie in the patient. */
export function gridOf(series: CtSeries | null): VoxelGrid | null {
  const [first, second] = series?.loaded.instances ?? [];
  if (!first || !second) return null;
  const plane = imagePlane(first);
  const origin = plane.toWorld(0, 0);
  const from = (world: readonly number[]) => world.map((value, i) => value - origin[i]!) as [number, number, number];
  const next = numbers(second.ImagePositionPatient);
  return { origin, steps: [from(plane.toWorld(1, 0)), from(plane.toWorld(0, 1)), from(next)] };
}

/** One solid for every part that has a vessel, and for the one that is selected. */
export function solidsOf(labeled: LabeledLesions, selectedPart: number): VoxelSolid[] {
  const rowsPerSlice = labeled.set.dimensions[1];
  return labeled.parts.label.flatMap((label, part) => {
    const isSelected = part === selectedPart;
    if (!isSelected && (label === null || label === 'excluded')) return [];
    const { row, start, end } = voxelsOfParts(labeled, one => one === part);
    const boxes = new Int32Array(4 * row.length);
    row.forEach((r, i) => {
      boxes.set([start[i]!, end[i]!, r % rowsPerSlice, Math.floor(r / rowsPerSlice)], 4 * i);
    });
    return { color: colorOf(label), isSelected, boxes };
  });
}
