import { strokePhantom } from '../phantoms/stroke.ts';
import { STROKE_TISSUES } from '../phantoms/stroke-tissues.ts';
import { mirroredVoxels } from '../regions/region-voxels.ts';
import type { Dimensions } from './components.ts';
import { findMidline, isBeyondMidline, mirrorLine } from './midline.ts';

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

test('the lesion of the stroke phantom mirrors to healthy tissue of the same kind', () => {
  const phantom = strokePhantom({ dimensions: [128, 128, 4], timePoints: 2 });
  const { dimensions, spacingMm } = phantom.volume;
  const brain = phantom.labels.map(label => (label >= 3 ? 1 : 0));
  const midline = findMidline(brain, dimensions, spacingMm)!;
  const core = Array.from(phantom.core.keys()).filter(voxel => phantom.core[voxel] === 1);
  const kindOf = (voxel: number) => STROKE_TISSUES[phantom.labels[voxel]!]!.split(',')[0];
  const same = core.filter(voxel => {
    const line = mirrorLine(midline, Math.floor(voxel / (128 * 128)), spacingMm);
    const [other] = mirroredVoxels([voxel], line, dimensions, spacingMm);
    return kindOf(other!) === kindOf(voxel) && isBeyondMidline(midline, other!, dimensions, spacingMm);
  });
  expect(same.length / core.length).toBeGreaterThan(0.95);
  expect(core.some(voxel => isBeyondMidline(midline, voxel, dimensions, spacingMm))).toBe(false);
});
