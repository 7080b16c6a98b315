import type { AreaShape, DrawnShape } from '@voxelwise/host';
import { applyEdits, brushStroke, cutAlong, type Edit, type Label, type LabeledLesions } from '../core/index.ts';
import type { measuredRoi } from './calibration-rois.ts';
import type { Decisions } from './decisions.ts';
import { withDrawnShape } from './heart-region.ts';
import { type CalciumState, materialOf } from './state.ts';

/** What a drawing decides, or why it decides nothing. */
export type DrawnDecision = { readonly change: Partial<Decisions> } | { readonly hint: string };

/**
 * What it means that a shape was drawn on a slice: a line splits, a stroke paints, an area limits the heart region or is one to
 * calibrate with.
 * @param slice index of the slice in the volume
 * @param roiOf measures a shape as a region to calibrate with
 */
export function drawnDecision(
  { history, tool, brush, activeLabel }: Pick<CalciumState, 'history' | 'tool' | 'brush' | 'activeLabel'>,
  labeled: LabeledLesions,
  slice: number,
  shape: DrawnShape,
  roiOf: (shape: AreaShape) => ReturnType<typeof measuredRoi>,
): DrawnDecision {
  const { edits, region, calibrationRois } = history.present;
  if (shape.kind === 'line') {
    const edit = cutAlong(labeled, slice, shape);
    if (!edit) return { hint: 'The line divides no lesion: draw it across one, from rim to rim.' };
    return { change: { edits: [...edits, edit] } };
  }
  if (shape.kind === 'stroke') {
    const slices = [slice - brush.reachSlices, slice + brush.reachSlices] as const;
    const painted = [...edits, brushStroke(labeled.set, shape.path, brush.radiusMm, slices, activeLabel)];
    if (!givesLabel(labeled, painted, activeLabel))
      return { hint: 'The brush has met no calcium that it could change.' };
    return { change: { edits: painted } };
  }
  const material = materialOf(tool);
  if (material) {
    const roi = roiOf(shape);
    return 'hint' in roi ? roi : { change: { calibrationRois: { ...calibrationRois, [material]: roi } } };
  }
  if (shape.kind === 'polygon' && shape.points.length < 3)
    return { hint: 'The outline encloses nothing: draw it around the heart.' };
  return { change: { region: withDrawnShape(region, shape, slice, labeled.set.dimensions[2]) } };
}

/** True when after the edits more voxels have the label than before. */
function givesLabel(before: LabeledLesions, edits: readonly Edit[], label: Label | null): boolean {
  const count = ({ parts }: LabeledLesions) =>
    parts.label.reduce((sum, one, part) => sum + (one === label ? parts.voxels[part]! : 0), 0);
  return count(applyEdits(before.set, edits)) > count(before);
}
