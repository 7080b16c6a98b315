import { centreOf, cornersOf, farthestFirst, type Projection, project, visibleFaces } from './solid-projection.ts';

/** From the feet: columns to the right, rows down, higher slices away from the viewer; 2 pixels per voxel. */
const fromFeet: Projection = {
  origin: [100, 50, 0],
  axes: [
    [2, 0, 0],
    [0, 2, 0],
    [0, 0, -3],
  ],
};
// Columns 4 to 6 of row 1 in slice 2; column 0 of row 0 in slice 5.
const boxes = Int32Array.of(4, 7, 1, 2, 0, 1, 0, 5);

test('a place of the volume is seen at its offset from the first voxel', () => {
  expect(project(fromFeet, 0, 0, 0)).toEqual([100, 50, 0]);
  expect(project(fromFeet, 3, 2, 4)).toEqual([106, 54, -12]);
});

test('the middle of a box', () => {
  expect(centreOf(boxes, 0)).toEqual([5, 1, 2]);
  expect(centreOf(boxes, 1)).toEqual([0, 0, 5]);
});

test('the farthest box comes first', () => {
  expect([...farthestFirst(boxes, fromFeet)]).toEqual([1, 0]);
  const fromHead: Projection = { ...fromFeet, axes: [fromFeet.axes[0], fromFeet.axes[1], [0, 0, 3]] };
  expect([...farthestFirst(boxes, fromHead)]).toEqual([0, 1]);
});

test('along an axis only the near side is seen from the front', () => {
  const faces = visibleFaces(fromFeet, [0.5, 0.5, 3]);
  expect(faces[2]).toEqual({ axis: 2, side: -1, frontality: 1 });
  expect(faces.slice(0, 2).map(({ frontality }) => frontality)).toEqual([0, 0]);
});

test('a face reaches to the rims of the outer voxels', () => {
  const [, , face] = visibleFaces(fromFeet, [0.5, 0.5, 3]);
  // Columns 3.5 to 6.5, rows 0.5 to 1.5.
  expect(cornersOf(boxes, 0, face!, fromFeet)).toEqual([107, 51, 113, 51, 113, 53, 107, 53]);
});

test('in an oblique view the three faces share their corner nearest to the viewer', () => {
  const oblique: Projection = {
    origin: [0, 0, 0],
    axes: [
      [3, 1, 1],
      [-2, 2, 1],
      [0, -4, 2],
    ],
  };
  const faces = visibleFaces(oblique, [2, 2, 3]);
  expect(faces.map(({ side }) => side)).toEqual([1, 1, 1]);
  const nearest = project(oblique, 6.5, 1.5, 2.5).slice(0, 2);
  for (const face of faces) {
    const corners = cornersOf(boxes, 0, face, oblique);
    const points = [0, 2, 4, 6].map(i => [corners[i], corners[i + 1]]);
    expect(points).toContainEqual(nearest);
  }
});
