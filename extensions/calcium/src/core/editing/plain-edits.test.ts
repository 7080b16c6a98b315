import { type Edit, editsAsPlain, editsFromPlain } from '../index.ts';

const DIMENSIONS = [40, 20, 3] as const;
const runs = (...triples: [number, number, number][]) => ({
  row: Int32Array.from(triples, ([row]) => row),
  start: Int32Array.from(triples, ([, start]) => start),
  end: Int32Array.from(triples, ([, , end]) => end),
});

const EDITS: readonly Edit[] = [
  { kind: 'assign', label: 'LAD', voxels: runs([0, 0, 40], [59, 3, 4], [59, 4, 9]) },
  { kind: 'assign', label: null, voxels: runs() },
  { kind: 'cut', line: { from: [1.5, -2], to: [0.1 + 0.2, 7] }, voxels: runs([3, 1, 2]) },
  { kind: 'paint', label: 'excluded', voxels: runs([3, 1, 2]) },
];

test('edits come back from JSON as they were', () => {
  const fromJson = (edits: readonly Edit[]) =>
    editsFromPlain(JSON.parse(JSON.stringify(editsAsPlain(edits))), DIMENSIONS);
  expect(fromJson(EDITS)).toEqual(EDITS);
  expect(fromJson([])).toEqual([]);
});

const assign = (change: object) => [
  { kind: 'assign', label: 'LM', voxels: { row: [1], start: [2], end: [5] }, ...change },
];

test.each([
  ['no list', {}, 'the list of edits cannot be read'],
  ['nothing', [null], 'edit 1 cannot be read'],
  ['an unknown kind', [{ kind: 'guess' }], 'edit 1 is of an unknown kind, "guess"'],
  ['an unknown label', assign({ label: 'LMX' }), 'edit 1 has an unknown label, "LMX"'],
  ['no label', assign({ label: undefined }), 'edit 1 has an unknown label, undefined'],
  ['no voxels', assign({ voxels: undefined }), 'the voxels of edit 1 cannot be read'],
  [
    'columns of other lengths',
    assign({ voxels: { row: [1, 2], start: [2], end: [5] } }),
    'edit 1 has incomplete voxels',
  ],
  [
    'half voxels',
    assign({ voxels: { row: [1], start: [2.5], end: [5] } }),
    'edit 1 has voxels at other places than whole numbers',
  ],
  [
    'rows past the volume',
    assign({ voxels: { row: [60], start: [2], end: [5] } }),
    'edit 1 has voxels outside the volume',
  ],
  [
    'columns past the volume',
    assign({ voxels: { row: [1], start: [2], end: [41] } }),
    'edit 1 has voxels outside the volume',
  ],
  ['an empty run', assign({ voxels: { row: [1], start: [2], end: [2] } }), 'edit 1 has voxels outside the volume'],
  [
    'rows in disorder',
    assign({ voxels: { row: [2, 1], start: [2, 2], end: [5, 5] } }),
    'edit 1 has voxels out of order',
  ],
  [
    'runs that overlap',
    assign({ voxels: { row: [1, 1], start: [2, 4], end: [5, 6] } }),
    'edit 1 has voxels out of order',
  ],
  ['a line of one point', [{ ...EDITS[2], line: { from: [1, 2] } }], 'an end of the line of edit 1 cannot be read'],
  [
    'a point of three numbers',
    [{ ...EDITS[2], line: { from: [1, 2, 3], to: [1, 2] } }],
    'an end of the line of edit 1 cannot be read',
  ],
])('%s is refused, saying what is wrong', (_, value, message) => {
  expect(() => editsFromPlain(value, DIMENSIONS)).toThrow(message);
});
