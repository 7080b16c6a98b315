import type { DynamicSignal, DynamicVolume } from '../dynamic-volume.ts';
import { curveAt } from '../dynamic-volume.ts';
import { contrastOfCurve, LEAST_SIGNAL_RATIO } from './contrast-of-curve.ts';
import { contrastOfSlice } from './contrast-of-slice.ts';
import { DEFAULT_SMOOTHING, NO_SMOOTHING, smoothingWeights } from './smoothing.ts';

const CT: DynamicSignal = { kind: 'attenuation' };
const MR: DynamicSignal = { kind: 'susceptibility', echoTimeS: 0.03 };

function volumeOf(
  voxels: ArrayLike<number>,
  dimensions: readonly [number, number, number],
  timePoints: number,
  signal = CT,
): DynamicVolume {
  return {
    voxels: Float32Array.from(voxels),
    dimensions,
    timePoints,
    intervalS: 1,
    spacingMm: [1, 1, 5],
    signal,
  };
}

describe('contrast of a curve', () => {
  test('CT: HU above the mean of the baseline', () => {
    expect([...contrastOfCurve([38, 42, 40, 90, 41], CT, [0, 3])]).toEqual([-2, 2, 0, 50, 1]);
  });

  test('MR: dR2* of an exponential signal is what made it', () => {
    const rates = [0, 0, 0, 5, 22, 11, 3];
    const curve = rates.map(rate => 700 * Math.exp(-0.03 * rate));
    contrastOfCurve(curve, MR, [0, 3]).forEach((value, t) => {
      expect(value).toBeCloseTo(rates[t]!, 10);
    });
  });

  test('MR: a signal of 0 or less is held at a thousandth of the baseline', () => {
    const most = -Math.log(LEAST_SIGNAL_RATIO) / 0.03;
    const [, , atZero, below] = contrastOfCurve([500, 500, 0, -80], MR, [0, 2]);
    expect(atZero).toBeCloseTo(most, 10);
    expect(below).toBeCloseTo(most, 10);
  });

  test.each([
    ['a baseline of 0', [0, 0, 5, 4]],
    ['a negative baseline', [-3, -1, 5, 4]],
    ['NaN', [500, 500, Number.NaN, 400]],
    ['infinity', [500, 500, Number.POSITIVE_INFINITY, 400]],
    ['minus infinity', [500, 500, Number.NEGATIVE_INFINITY, 400]],
  ])('MR: %s has no contrast', (_, curve) => {
    for (const value of contrastOfCurve(curve, MR, [0, 2])) expect(value).toBeNaN();
  });

  test('CT: a value that is no number leaves the voxel without contrast', () => {
    for (const value of contrastOfCurve([40, 41, Number.NaN], CT, [0, 1])) expect(value).toBeNaN();
  });
});

describe('contrast of a slice', () => {
  test.each([CT, MR])('without smoothing it is that of every curve, and NaN outside the mask', signal => {
    const voxels = Array.from({ length: 60 * 6 }, (_, i) => 1 + ((i * 7919) % 101));
    const volume = volumeOf(voxels, [5, 4, 3], 6, signal);
    const mask = Uint8Array.from({ length: 60 }, (_, i) => ((i * 31) % 10 < 7 ? 1 : 0));
    const slice = contrastOfSlice(volume, 1, { baseline: [0, 2], smoothing: NO_SMOOTHING, mask });
    for (let i = 0; i < 20; i++) {
      const expected = contrastOfCurve(curveAt(volume, 20 + i), signal, [0, 2]);
      for (let t = 0; t < 6; t++) expect(slice[t * 20 + i]).toBe(mask[20 + i] === 1 ? expected[t] : Number.NaN);
    }
  });

  const smoothing = smoothingWeights({ temporalSigmaS: 1.2, spatialSigmaMm: 1.5 }, 1, [1, 0.8, 5]);

  test('smoothing keeps a constant, up to the border, the hole and the first and last frame', () => {
    const [nx, ny, timePoints] = [9, 7, 5];
    const step = Array.from({ length: nx * ny * timePoints }, (_, i) => (i < nx * ny ? 10 : 17));
    const mask = new Uint8Array(nx * ny).fill(1).fill(0, 20, 24);
    const spatial = { ...smoothing, time: [1] };
    const slice = contrastOfSlice(volumeOf(step, [nx, ny, 1], timePoints), 0, {
      baseline: [0, 1],
      smoothing: spatial,
      mask,
    });
    for (let i = nx * ny; i < slice.length; i++) {
      if (mask[i % (nx * ny)] === 1) expect(slice[i]).toBeCloseTo(7, 12);
    }
  });

  test('what lies outside the mask, and a voxel without contrast, changes nothing inside', () => {
    const [nx, ny, timePoints] = [8, 8, 4];
    const brain = Array.from({ length: nx * ny * timePoints }, (_, i) => 40 + ((i * 7) % 13));
    const mask = Uint8Array.from({ length: nx * ny }, (_, i) => (i % nx > 1 && i !== 35 ? 1 : 0));
    const skull = brain.map((value, i) => (mask[i % (nx * ny)] === 1 ? value : 900 + i * 3));
    const parameters = { baseline: [0, 1], smoothing, mask } as const;
    const alone = contrastOfSlice(volumeOf(brain, [nx, ny, 1], timePoints), 0, parameters);
    expect(contrastOfSlice(volumeOf(skull, [nx, ny, 1], timePoints), 0, parameters)).toEqual(alone);
    const hole = mask.slice();
    hole[28] = 0;
    const withNaN = brain.map((value, i) => (i === 2 * nx * ny + 28 ? Number.NaN : value));
    const without = contrastOfSlice(volumeOf(brain, [nx, ny, 1], timePoints), 0, { ...parameters, mask: hole });
    expect(contrastOfSlice(volumeOf(withNaN, [nx, ny, 1], timePoints), 0, parameters)).toEqual(without);
  });

  test('a point becomes the product of the three Gaussians', () => {
    const [nx, ny, timePoints] = [21, 21, 15];
    const at = (t: number, y: number, x: number) => (t * ny + y) * nx + x;
    const point = new Float32Array(nx * ny * timePoints);
    point[at(8, 10, 10)] = 1000;
    const slice = contrastOfSlice(volumeOf(point, [nx, ny, 1], timePoints), 0, { baseline: [0, 2], smoothing });
    const of = (weights: readonly number[], offset: number) => weights[(weights.length - 1) / 2 + offset]!;
    for (const [t, y, x] of [
      [0, 0, 0],
      [1, -2, 3],
      [-2, 1, -1],
    ] as const) {
      const expected = 1000 * of(smoothing.time, t) * of(smoothing.y, y) * of(smoothing.x, x);
      expect(slice[at(8 + t, 10 + y, 10 + x)]).toBeCloseTo(expected, 9);
    }
  });

  test.each([
    ['a baseline past the end', { baseline: [0, 9] }, 'The baseline holds at least one of the 4 time points'],
    ['no baseline', { baseline: [2, 2] }, 'from 2 to before 2 cannot be'],
    ['a mask of another size', { mask: new Uint8Array(3) }, 'A mask of 2 x 2 x 1 voxels cannot have 3 values'],
    ['an even number of weights', { smoothing: { ...NO_SMOOTHING, x: [0.5, 0.5] } }, 'odd in number'],
  ])('refuses %s', (_, changed, message) => {
    const volume = volumeOf(new Array(16).fill(1), [2, 2, 1], 4);
    const parameters = { baseline: [0, 1] as const, smoothing: NO_SMOOTHING, ...changed } as never;
    expect(() => contrastOfSlice(volume, 0, parameters)).toThrow(message);
  });
});

describe('smoothing weights', () => {
  test('the default leaves time alone and smooths by millimeters, whatever the spacing', () => {
    const { time, x, y } = smoothingWeights(DEFAULT_SMOOTHING, 1.5, [1, 0.5, 5]);
    expect(time).toEqual([1]);
    expect(x).toHaveLength(13);
    expect(y).toHaveLength(25);
    expect(y[14]).toBeCloseTo(y[12]! * Math.exp(-0.5 / 4), 12);
  });

  test.each([
    [{ temporalSigmaS: -1, spatialSigmaMm: 0 }, 1, '-1 s cannot be'],
    [{ temporalSigmaS: 0, spatialSigmaMm: Number.NaN }, 1, 'NaN mm cannot be'],
    [{ temporalSigmaS: 1, spatialSigmaMm: 0 }, 0, 'positive distance; 0 s cannot be'],
  ])('refuses what cannot be', (smoothing, intervalS, message) => {
    expect(() => smoothingWeights(smoothing, intervalS, [1, 1])).toThrow(message);
  });
});
