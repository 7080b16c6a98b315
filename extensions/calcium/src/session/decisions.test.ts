import { decide, isUntouched, redo, undo } from '@voxelwise/host';
import { lesionsOf, volumeWith } from '../core/calcium.test-support.ts';
import { applyEdits, assignPart, type HeartRegion } from '../core/index.ts';
import { NOTHING_DECIDED } from './decisions.ts';

const lesionSet = lesionsOf(volumeWith([8, 3, 1], [1, 1, 3], (x, y) => (y === 1 && x !== 4 ? 300 : 0)));
const edit = assignPart(applyEdits(lesionSet, []), 0, 'LAD');
const region: HeartRegion = { shapes: [{ kind: 'ellipse', centre: [4, 1], radii: [2, 2], slices: [0, 0] }] };

const first = decide(NOTHING_DECIDED, { edits: [edit] });
const second = decide(first, { region });

test('edits and the region are decided one by one and taken back one by one', () => {
  expect(second.present).toMatchObject({ edits: [edit], region });
  expect(undo(second).present).toMatchObject({ edits: [edit], region: null });
  expect(undo(undo(second)).present).toMatchObject({ edits: [], region: null });
});

test('redo is the way back', () => {
  expect(redo(undo(second))).toEqual(second);
  expect(redo(redo(undo(undo(second))))).toEqual(second);
});

test('nothing to undo or to redo changes nothing', () => {
  expect(undo(NOTHING_DECIDED)).toBe(NOTHING_DECIDED);
  expect(redo(second)).toBe(second);
});

test('a new decision after undoing drops what was undone', () => {
  const other = decide(undo(second), { edits: [] });
  expect(other.future).toEqual([]);
  expect(redo(other)).toBe(other);
  expect(undo(other).present).toEqual(first.present);
});

test('untouched is only a history without past and future', () => {
  expect(isUntouched(NOTHING_DECIDED)).toBe(true);
  expect(isUntouched(first)).toBe(false);
  expect(isUntouched(undo(first))).toBe(false);
});
