import type { DynamicSignal } from '../dynamic-volume.ts';
import { type StrokePhantom, strokePhantom } from '../phantoms/stroke.ts';
import { STROKE_TISSUES } from '../phantoms/stroke-tissues.ts';
import { brainMask } from './brain-mask.ts';
import { type Dimensions, largestComponent, withHolesFilled, withoutSmallComponents } from './components.ts';
import { dilated, eroded } from './erosion.ts';
import { fluidMask } from './fluid-mask.ts';
import { otsuThreshold } from './otsu-threshold.ts';
import { vesselMask } from './vessel-mask.ts';

/** A mask of rows of text, # for 1. */
function drawn(...rows: string[]): Uint8Array {
  return Uint8Array.from(rows.join(''), character => (character === '#' ? 1 : 0));
}

const CT: DynamicSignal = { kind: 'attenuation' };
const MR: DynamicSignal = { kind: 'susceptibility', echoTimeS: 0.03 };

function firstFrames({ volume }: StrokePhantom): Float32Array {
  const [nx, ny, nz] = volume.dimensions;
  const image = new Float32Array(nx * ny * nz);
  for (let z = 0; z < nz; z++) {
    for (let t = 0; t < 5; t++) {
      for (let i = 0; i < nx * ny; i++) {
        image[z * nx * ny + i]! += volume.voxels[(z * volume.timePoints + t) * nx * ny + i]! / 5;
      }
    }
  }
  return image;
}

function truth({ labels }: StrokePhantom, isIn: (tissue: string) => boolean): Uint8Array {
  return labels.map(label => (isIn(STROKE_TISSUES[label]!) ? 1 : 0));
}

const isBrain = (tissue: string) => !['air', 'scalp', 'skull'].includes(tissue);

function dice(a: Uint8Array, b: Uint8Array): number {
  let [both, sum] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    both += a[i]! & b[i]!;
    sum += a[i]! + b[i]!;
  }
  return (2 * both) / sum;
}

describe('components', () => {
  const two: Dimensions = [6, 4, 1];
  const mask = drawn('##..#.', '##...#', '......', '.#....');

  test('the largest is left, and small ones go', () => {
    expect(largestComponent(mask, two, 4)).toEqual(drawn('##....', '##....', '......', '......'));
    expect(withoutSmallComponents(mask, two, 8, 2)).toEqual(drawn('##..#.', '##...#', '......', '......'));
    expect(withoutSmallComponents(mask, two, 4, 2)).toEqual(drawn('##....', '##....', '......', '......'));
    expect(largestComponent(new Uint8Array(24), two, 6)).toEqual(new Uint8Array(24));
  });

  test('holes are filled in their slice, bays are not', () => {
    const open = drawn('.####.', '.#..#.', '.#.##.', '.##.#.');
    const filled = drawn('.####.', '.####.', '.####.', '.##.#.');
    expect(withHolesFilled(open, two)).toEqual(filled);
    // the slice above does not let the hole out
    const both = new Uint8Array(48);
    both.set(open);
    expect(withHolesFilled(both, [6, 4, 2]).subarray(0, 24)).toEqual(filled);
  });

  test('erosion and dilation by a box, also at the border', () => {
    const block = drawn('####..', '####..', '####..', '......');
    expect(eroded(block, two, [1, 1])).toEqual(drawn('......', '.##...', '......', '......'));
    expect(dilated(drawn('......', '......', '......', '.....#'), two, [2, 1])).toEqual(
      drawn('......', '......', '...###', '...###'),
    );
    expect(eroded(block, two, [0, 0])).toEqual(block);
  });
});

test('Otsu parts two groups of values, and finds nothing in a constant', () => {
  const values = Float32Array.from({ length: 2000 }, (_, i) => (i % 3 === 0 ? 700 : 20) + (i % 50));
  const threshold = otsuThreshold(values);
  expect(threshold).toBeGreaterThan(69);
  expect(threshold).toBeLessThanOrEqual(700);
  expect(otsuThreshold(new Float32Array(9).fill(3))).toBe(Number.POSITIVE_INFINITY);
  expect(otsuThreshold(new Float32Array(9).fill(Number.NaN))).toBe(Number.POSITIVE_INFINITY);
});

describe.each([
  ['CT without noise', CT, 0],
  ['CT with 4 HU of noise', CT, 4],
  ['MR without noise', MR, 0],
  ['MR with noise', MR, 20],
])('%s', (_, signal, noiseSd) => {
  const phantom = strokePhantom({ dimensions: [96, 96, 5], timePoints: 8, signal, noiseSd });
  const { dimensions, spacingMm } = phantom.volume;
  const image = firstFrames(phantom);
  const brain = brainMask(image, dimensions, spacingMm, signal);

  test('the brain is found within its skull', () => {
    expect(dice(brain, truth(phantom, isBrain))).toBeGreaterThan(0.995);
  });

  test('fluid is found in the brain', () => {
    const fluid = truth(phantom, tissue => tissue === 'cerebrospinal fluid');
    expect(dice(fluidMask(image, brain, signal), fluid)).toBeGreaterThan(noiseSd === 0 ? 0.999 : 0.97);
  });
});

test('slices of air are empty, and so is a volume of air', () => {
  const { volume } = strokePhantom({ dimensions: [64, 64, 4], timePoints: 5 });
  const image = firstFrames({ volume } as StrokePhantom);
  image.fill(-1000, 2 * 64 * 64, 3 * 64 * 64);
  const brain = brainMask(image, volume.dimensions, volume.spacingMm, CT);
  expect(brain.subarray(2 * 64 * 64, 3 * 64 * 64).includes(1)).toBe(false);
  expect(brain.includes(1)).toBe(true);
  expect(brainMask(image.fill(-1000), volume.dimensions, volume.spacingMm, CT).includes(1)).toBe(false);
});

test('a gap in the skull does not let the mask out', () => {
  const phantom = strokePhantom({ dimensions: [128, 128, 3], timePoints: 5 });
  const { dimensions, spacingMm } = phantom.volume;
  const image = firstFrames(phantom);
  // soft tissue fills a gap of 3 voxels through the skull, on the left of the middle slice
  for (let y = 63; y <= 65; y++)
    for (let x = 64; x < 112; x++) if (image[(128 + y) * 128 + x]! > 80) image[(128 + y) * 128 + x] = 30;
  const brain = brainMask(image, dimensions, spacingMm, CT);
  expect(dice(brain, truth(phantom, isBrain))).toBeGreaterThan(0.995);
});

test('a vessel has more blood than the limit', () => {
  const constants = { hematocritFactor: 0.73, densityGPerMl: 1.04 };
  // 100 * 0.73 / 1.04 / 2000 mL/100 g per unit of area
  const areas = Float32Array.of(2000, 100, 250, 260, Number.NaN);
  expect([...vesselMask(areas, 2000, constants)]).toEqual([1, 0, 0, 1, 0]);
  expect([...vesselMask(areas, 0, constants)]).toEqual([0, 0, 0, 0, 0]);
});
