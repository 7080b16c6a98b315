import { lesionsOf, volumeWith } from '../calcium.test-support.ts';
import { applyEdits, assignPart, cutAlong, type Edit, type Label, lesionWarnings, partAt } from '../index.ts';

// One bar of 31 voxels of 100 mm³, and one of 30, which is the limit.
const set = lesionsOf(
  volumeWith([64, 3, 1], [10, 10, 1], (x, y) => (y === 1 && x !== 31 && x < 62 ? 450 : 0)),
  {},
);

/** Cut before the columns, then labelled at columns. */
function warningsAfter(cuts: readonly number[], labels: Readonly<Record<number, Label>>): string[] {
  const edits: Edit[] = [];
  for (const x of cuts) edits.push(cutAlong(applyEdits(set, edits), 0, { from: [x - 0.5, 0], to: [x - 0.5, 2] })!);
  for (const [x, label] of Object.entries(labels)) {
    const labeled = applyEdits(set, edits);
    edits.push(assignPart(labeled, partAt(labeled, Number(x), 1, 0), label));
  }
  return lesionWarnings(applyEdits(set, edits));
}

test('an assigned lesion above the limit is warned of, one at the limit is not, nor one without a vessel', () => {
  expect(warningsAfter([], { 0: 'LAD', 32: 'RCA' })).toEqual([
    expect.stringMatching(/^A lesion assigned to LAD measures 3100 mm³/),
  ]);
  expect(warningsAfter([], { 0: 'excluded' })).toEqual([]);
  expect(warningsAfter([], {})).toEqual([]);
});

test('one that was shared out to vessels is warned of once, by what they have together', () => {
  expect(warningsAfter([10, 20], { 0: 'LCX', 15: 'LM', 25: 'LCX' })).toEqual([
    expect.stringMatching(/^A lesion assigned to LM and LCX measures 3100 mm³/),
  ]);
});

test('what was cut off and excluded, or left without a vessel, does not count', () => {
  expect(warningsAfter([10, 20], { 0: 'LCX', 15: 'LM', 25: 'excluded' })).toEqual([]);
  expect(warningsAfter([10, 20], { 0: 'LCX', 15: 'LM' })).toEqual([]);
});
