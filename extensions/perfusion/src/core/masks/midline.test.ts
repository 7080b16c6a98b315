import { strokePhantom } from '../phantoms/stroke.ts';
import { STROKE_TISSUES } from '../phantoms/stroke-tissues.ts';
import type { Dimensions } from './components.ts';
import { findMidline, isOnLeft, mirroredVoxel, mirroredVoxels } from './midline.ts';
import { voxelsInRegion } from './region-voxels.ts';

const SPACING = [1, 1.5, 5] as const;

/** An ellipsoid of 50 x 65 mm, turned and tilted, in its own grid. */
function turnedBrain(degrees: number, tiltMm: number): { brain: Uint8Array; dimensions: Dimensions } {
  const [nx, ny, nz] = [160, 110, 5];
  const angle = (degrees * Math.PI) / 180;
  const brain = Uint8Array.from({ length: nx * ny * nz }, (_, voxel) => {
    const z = Math.floor(voxel / (nx * ny));
    const x = (voxel % nx) * SPACING[0] - 83 - tiltMm * z;
    const y = (Math.floor(voxel / nx) % ny) * SPACING[1] - 80;
    const across = x * Math.cos(angle) + y * Math.sin(angle);
    const along = -x * Math.sin(angle) + y * Math.cos(angle);
    return Math.hypot(across / 50, along / 65) <= 1 ? 1 : 0;
  });
  return { brain, dimensions: [nx, ny, nz] };
}

test.each([
  [0, 0],
  [12, 0],
  [-25, 0],
  [5, 1.5],
])('the midline of a head turned by %d degrees and tilted by %d mm a slice is found', (degrees, tiltMm) => {
  const { brain, dimensions } = turnedBrain(degrees, tiltMm);
  const midline = findMidline(brain, dimensions, SPACING)!;
  const radians = (degrees * Math.PI) / 180;
  expect(Math.abs(midline.angleRad - radians)).toBeLessThan(Math.PI / 180);
  for (const [z, offset] of midline.offsetsMm.entries()) {
    const expected = (83 + tiltMm * z) * Math.cos(midline.angleRad) + 80 * Math.sin(midline.angleRad);
    expect(Math.abs(offset - expected)).toBeLessThan(0.3);
  }
});

test('a mask without voxels has no midline, and slices without voxels do not matter', () => {
  const { brain, dimensions } = turnedBrain(0, 0);
  expect(findMidline(new Uint8Array(brain.length), dimensions, SPACING)).toBeNull();
  brain.fill(0, 160 * 110, 2 * 160 * 110);
  expect(findMidline(brain, dimensions, SPACING)!.offsetsMm[1]).toBeCloseTo(83, 0);
});

test('the mirror image of a mirror image is the voxel, up to rounding', () => {
  const { brain, dimensions } = turnedBrain(9, 1);
  const midline = findMidline(brain, dimensions, SPACING)!;
  for (let voxel = 17; voxel < brain.length; voxel += 97) {
    if (brain[voxel] !== 1) continue;
    const other = mirroredVoxel(midline, voxel, dimensions, SPACING);
    if (other < 0) continue;
    const back = mirroredVoxel(midline, other, dimensions, SPACING);
    expect(Math.abs((back % 160) - (voxel % 160))).toBeLessThanOrEqual(2);
    expect(Math.abs(Math.floor(back / 160) - Math.floor(voxel / 160))).toBeLessThanOrEqual(1);
  }
});

test('the lesion of the stroke phantom mirrors to healthy tissue of the same kind', () => {
  const phantom = strokePhantom({ dimensions: [128, 128, 4], timePoints: 2 });
  const { dimensions, spacingMm } = phantom.volume;
  const brain = phantom.labels.map(label => (label >= 3 ? 1 : 0));
  const midline = findMidline(brain, dimensions, spacingMm)!;
  const core = Array.from(phantom.core.keys()).filter(voxel => phantom.core[voxel] === 1);
  const same = core.filter(voxel => {
    const other = mirroredVoxel(midline, voxel, dimensions, spacingMm);
    return STROKE_TISSUES[phantom.labels[voxel]!]!.startsWith(STROKE_TISSUES[phantom.labels[other]!]!);
  });
  expect(same.length / core.length).toBeGreaterThan(0.95);
  expect(core.some(voxel => isOnLeft(midline, voxel, dimensions, spacingMm))).toBe(false);
  const mirrored = mirroredVoxels(midline, core, dimensions, spacingMm, brain);
  expect(mirrored.every(voxel => isOnLeft(midline, voxel, dimensions, spacingMm))).toBe(true);
  expect(mirrored.length / core.length).toBeCloseTo(1, 2);
});

describe('regions', () => {
  const dimensions: Dimensions = [10, 8, 2];

  test('a disk and an ellipse hold the voxels whose centers they hold', () => {
    const disk = voxelsInRegion({ shape: 'disk', slice: 1, center: [4, 3], radiusMm: 1.5 }, dimensions, SPACING);
    expect([...disk]).toEqual([104, 113, 114, 115, 124]);
    const ellipse = { shape: 'ellipse', slice: 0, center: [4, 3], radiiMm: [2, 0.5] } as const;
    expect([...voxelsInRegion(ellipse, dimensions, SPACING)]).toEqual([32, 33, 34, 35, 36]);
  });

  test('a polygon does, and outside of the slice there is nothing', () => {
    const square = [
      [-3, 0.5],
      [2.5, 0.5],
      [2.5, 2.5],
      [-3, 2.5],
    ] as const;
    const voxels = voxelsInRegion({ shape: 'polygon', slice: 0, points: square }, dimensions, SPACING);
    expect([...voxels]).toEqual([10, 11, 12, 20, 21, 22]);
  });

  test('a point gives its voxel, and a slice that is not there is refused', () => {
    const point = { shape: 'disk', slice: 0, center: [4.4, 2.7], radiusMm: 0.1 } as const;
    expect([...voxelsInRegion(point, dimensions, SPACING)]).toEqual([34]);
    expect(() => voxelsInRegion({ ...point, slice: 2 }, dimensions, SPACING)).toThrow(
      'There is no slice 3 in 2 slices',
    );
  });
});
