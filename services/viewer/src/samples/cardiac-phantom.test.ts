import { createHash } from 'node:crypto';
import { type CardiacPhantom, cardiacPhantom, paddingHu } from './cardiac-phantom.ts';
import { cardiacSeed } from './cardiac-study.ts';
import { pixelIndex } from './phantom/grid.ts';
import { phantomTruth } from './truth.ts';

/** SHA-256 of the volume's bytes for the sample study's seed. When it changes, raise `phantomVersion`. */
const volumeDigest = 'df0fa0caf725be02dcddb7ec279c68f813260a98a4f80ca604dd866751122351';

const digestOf = (volume: Int16Array) => createHash('sha256').update(new Uint8Array(volume.buffer)).digest('hex');

// generating the volume takes seconds, and more on a loaded machine
jest.setTimeout(60_000);

let phantom: CardiacPhantom;
beforeAll(() => {
  phantom = cardiacPhantom({ seed: cardiacSeed });
});

/** Component of voxels >= 130 HU around a seed in one slice, by brute-force flood fill. */
function floodFill(seed: readonly [number, number], z: number): { indices: Set<number>; peakHu: number } {
  const [columns, rows] = phantom.dimensions;
  const indices = new Set<number>();
  const open = [seed];
  let peakHu = Number.NEGATIVE_INFINITY;
  while (open.length > 0) {
    const [x, y] = open.pop()!;
    const index = (z * rows + y) * columns + x;
    const hu = phantom.hu[index]!;
    if (hu < 130 || indices.has(index)) continue;
    indices.add(index);
    peakHu = Math.max(peakHu, hu);
    for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) open.push([x + dx, y + dy]);
  }
  return { indices, peakHu };
}

test('the same seed gives the same bytes, and they are the bytes of this version', () => {
  expect(digestOf(cardiacPhantom({ seed: cardiacSeed }).hu)).toBe(digestOf(phantom.hu));
  expect(digestOf(phantom.hu)).toBe(volumeDigest);
});

test('another seed changes the noise and neither place nor size of the calcifications', () => {
  const other = cardiacPhantom({ seed: cardiacSeed + 1 });
  expect(digestOf(other.hu)).not.toBe(digestOf(phantom.hu));
  expect(other.calcifications).toEqual(phantom.calcifications);
  for (const { voxels } of other.calcifications) {
    for (const index of voxels) expect(other.hu[index]).toBeGreaterThanOrEqual(130);
  }
});

test('every calcification is one component per slice, with the area and peak that the truth says', () => {
  const [columns, rows] = phantom.dimensions;
  const truth = phantomTruth(phantom, [0, 0, 0]);
  const pixelAreaMm2 = phantom.spacingMm[0] * phantom.spacingMm[1];
  const calcifications = truth.vessels.flatMap(vessel => vessel.calcifications);
  expect(calcifications).toHaveLength(phantom.calcifications.length);
  let agatston = 0;
  calcifications.forEach((calcification, position) => {
    const placed = phantom.calcifications[position]!.voxels;
    for (const component of calcification.components) {
      const inSlice = [...placed].filter(index => Math.floor(index / (columns * rows)) === component.slice);
      const first = inSlice[0]!;
      const found = floodFill([first % columns, Math.floor(first / columns) % rows], component.slice);
      expect([...found.indices].sort((a, b) => a - b)).toEqual(inSlice);
      expect(found.peakHu).toBe(component.peakHu);
      expect(component.areaMm2).toBeCloseTo(inSlice.length * pixelAreaMm2, 9);
      expect(component.areaMm2).toBeGreaterThanOrEqual(1);
      const weight = [130, 200, 300, 400].filter(edge => found.peakHu >= edge).length;
      agatston += found.indices.size * pixelAreaMm2 * weight;
    }
    expect(phantom.hu[toIndex(calcification.seedVoxel)]).toBe(calcification.peakHu);
  });
  expect(truth.total.agatston).toBeCloseTo(agatston, 6);
});

test('slices of a calcification overlap, so that it is one lesion for 6-connectivity too', () => {
  const sliceSize = phantom.dimensions[0] * phantom.dimensions[1];
  for (const { voxels } of phantom.calcifications) {
    const placed = new Set(voxels);
    const slices = [...new Set([...voxels].map(index => Math.floor(index / sliceSize)))];
    for (const z of slices.slice(1)) {
      const touches = [...voxels].some(index => Math.floor(index / sliceSize) === z && placed.has(index - sliceSize));
      expect(touches).toBe(true);
    }
  }
});

test('calcifications keep 3 voxels in the plane from bone, the aortic plaque and each other', () => {
  const [columns, rows] = phantom.dimensions;
  for (const { voxels } of phantom.calcifications) {
    const own = new Set(voxels);
    for (const index of voxels) {
      for (let dy = -3; dy <= 3; dy++) {
        for (let dx = -3; dx <= 3; dx++) {
          const neighbor = index + dy * columns + dx;
          if (Math.floor(neighbor / (columns * rows)) !== Math.floor(index / (columns * rows))) continue;
          if (!own.has(neighbor)) expect(phantom.hu[neighbor]!).toBeLessThan(130);
        }
      }
    }
  }
});

test('in the region of the heart nothing but calcifications and the aortic plaque reaches 130 HU', () => {
  const [columns, rows, slices] = phantom.dimensions;
  const allowed = new Set(phantom.aorticPlaque);
  for (const { voxels } of phantom.calcifications) for (const index of voxels) allowed.add(index);
  const others: number[] = [];
  for (let z = 0; z < slices; z++) {
    for (let y = pixelIndex(-72); y <= pixelIndex(28); y++) {
      for (let x = pixelIndex(-75); x <= pixelIndex(90); x++) {
        const index = (z * rows + y) * columns + x;
        if (phantom.hu[index]! >= 130 && !allowed.has(index)) others.push(index);
      }
    }
  }
  expect(others).toEqual([]);
});

test('every vessel scores, all four weights occur, and the smallest calcification has five pixels', () => {
  const truth = phantomTruth(phantom, [0, 0, 0]);
  expect(truth.vessels.map(({ name, lesions }) => [name, lesions])).toEqual([
    ['LM', 1],
    ['LAD', 4],
    ['LCX', 2],
    ['RCA', 3],
  ]);
  for (const vessel of truth.vessels) expect(vessel.agatston).toBeGreaterThan(0);
  const components = truth.vessels.flatMap(vessel => vessel.calcifications).flatMap(each => each.components);
  expect(new Set(components.map(component => component.weight))).toEqual(new Set([1, 2, 3, 4]));
  expect(Math.min(...phantom.calcifications.map(({ voxels }) => voxels.length))).toBe(5);
});

test('noise has a standard deviation of 20 HU, and corners hold padding', () => {
  const [columns, rows] = phantom.dimensions;
  const values: number[] = [];
  // liver, slice 1
  for (let y = pixelIndex(-20); y < pixelIndex(20); y++) {
    for (let x = pixelIndex(-90); x < pixelIndex(-40); x++) values.push(phantom.hu[toIndex([x, y, 1])]!);
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  expect(Math.abs(mean - 56)).toBeLessThan(3);
  expect(Math.abs(deviation - 20)).toBeLessThan(1);
  expect(phantom.hu[0]).toBe(paddingHu);
  expect(phantom.hu[columns * rows - 1]).toBe(paddingHu);
});

function toIndex([x, y, z]: readonly [number, number, number]): number {
  return (z * phantom.dimensions[1] + y) * phantom.dimensions[0] + x;
}
