/** The reader's edits of lesions: labels, cuts and brush strokes, as a list that can be stored and applied again. */

export { applyEdits } from './apply-edits.ts';
export type { CutLine, Edit, Label } from './edit.ts';
export { labelEdits } from './label-edits.ts';
export type { FragmentTable, LabeledLesions, PartTable } from './labeled-lesions.ts';
export { partAt, voxelsOfLabel, voxelsOfParts } from './labeled-lesions.ts';
export { lesionWarnings } from './lesion-warnings.ts';
export { assignPart, brushStroke, cutAlong } from './make-edit.ts';
export type { Voxel } from './parts-as-lesions.ts';
export { partsAsLesions, vesselsOfParts, voxelOfPart } from './parts-as-lesions.ts';
export { editsAsPlain, editsFromPlain } from './plain-edits.ts';
export { scoreLabel, scoreParts } from './score-parts.ts';
export type { VesselScores } from './score-vessels.ts';
export { scoreVessels } from './score-vessels.ts';
