/** The reader's edits of lesions: labels, cuts and brush strokes, as a list that can be undone, stored and re-applied. */

export { applyEdits } from './apply-edits.ts';
export type { CutLine, Edit, Label, LabeledVoxels } from './edit.ts';
export type { EditHistory } from './history.ts';
export { NO_EDITS, redoEdit, undoEdit, withEdit } from './history.ts';
export type { FragmentTable, LabeledLesions, PartTable } from './labeled-lesions.ts';
export { partAt, voxelsOfLabel, voxelsOfParts } from './labeled-lesions.ts';
export { assignPart, brushStroke, cutAlong, startOver } from './make-edit.ts';
export { scoreLabel, scoreParts } from './score-parts.ts';
export { parseEdits, serializeEdits } from './serialize.ts';
