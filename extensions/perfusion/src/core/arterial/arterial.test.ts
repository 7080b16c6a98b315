import { strokePhantom } from '../phantoms/stroke.ts';
import { arterialInput } from './arterial-input.ts';
import { aifFromVoxels } from './chosen-artery.ts';
import { kMeans } from './k-means.ts';
import { meanContrast } from './mean-contrast.ts';
import { quantile } from './quantile.ts';
import { survey } from './survey.ts';

const phantom = strokePhantom({ dimensions: [96, 96, 6], noiseSd: 1 });

describe('k-means', () => {
  test('parts groups that lie apart, whatever the starting shares', () => {
    const curves = Float64Array.from([0, 0, 1, 1, 0, 1, 9, 9, 9, 8, 30, 30].flatMap(value => [value, value / 2]));
    const cluster = kMeans(curves, 2, 3);
    expect([...cluster].map(group => group === cluster[0])).toEqual([...Array(6).fill(true), ...Array(6).fill(false)]);
    expect(new Set(cluster.subarray(6, 10)).size).toBe(1);
    expect(cluster[10]).toBe(cluster[11]);
    expect(cluster[10]).not.toBe(cluster[6]);
  });

  test('ends also when all curves are equal or there are fewer than clusters', () => {
    expect(new Set(kMeans(new Float64Array(40).fill(3), 4, 5)).size).toBe(1);
    expect([...kMeans(Float64Array.of(1, 2), 1, 5)]).toHaveLength(2);
  });
});

test('a quantile is one of the values, and leaves out NaN', () => {
  expect(quantile([5, 1, Number.NaN, 3], 0)).toBe(1);
  expect(quantile([5, 1, Number.NaN, 3], 0.5)).toBe(3);
  expect(quantile([5, 1, Number.NaN, 3], 1)).toBe(5);
  expect(quantile([Number.NaN], 0.5)).toBeNaN();
});

describe('the artery that a reader chooses', () => {
  const found = survey(phantom.volume);

  test('is the mean of its voxels, each counted once', () => {
    const voxels = [...phantom.arteryVoxels];
    const { aif, warnings } = aifFromVoxels(phantom.volume, [...voxels, voxels[0]!], found);
    expect(aif.voxels).toEqual(phantom.arteryVoxels);
    expect(aif.curve).toEqual(meanContrast(phantom.volume, voxels, found.baseline));
    expect(warnings).toEqual([]);
  });

  test('is warned of when it is late', () => {
    const penumbra = Array.from(phantom.labels.keys()).filter(voxel => phantom.labels[voxel] === 6);
    const { warnings } = aifFromVoxels(phantom.volume, penumbra, found);
    expect(warnings.map(({ code }) => code)).toContain('late');
  });

  test('is warned of when it is hardly an artery: a whole slice', () => {
    const { warnings } = aifFromVoxels(
      phantom.volume,
      Array.from({ length: 96 * 96 }, (_, voxel) => voxel),
      found,
    );
    expect(warnings.map(({ code }) => code)).toContain('partial-volume');
  });

  test('is warned of when there is no bolus in it', () => {
    const skull = phantom.labels.indexOf(2);
    const { warnings } = aifFromVoxels(phantom.volume, [skull, skull + 1], found);
    expect(warnings).toEqual([
      { code: 'no-artery', message: 'No contrast agent passes the chosen voxels: choose others on an artery.' },
    ]);
  });

  test('is refused without voxels, and outside of the volume', () => {
    expect(() => aifFromVoxels(phantom.volume, [], found)).toThrow('at least one voxel');
    expect(() => aifFromVoxels(phantom.volume, [-1], found)).toThrow('There is no voxel -1');
    expect(() => aifFromVoxels(phantom.volume, [96 * 96 * 6], found)).toThrow('There is no voxel');
  });
});

describe('scaling by the vein', () => {
  const partial = strokePhantom({ dimensions: [96, 96, 6], noiseSd: 1, arterialFraction: 0.6 });
  const { aif, vof } = survey(partial.volume);

  test('gives an artery of partial volume its true height', () => {
    const { curve, factor, inWords } = arterialInput(aif!, vof, true);
    expect(aif!.peak / Math.max(...partial.aif)).toBeCloseTo(0.6, 1);
    expect(Math.max(...curve) / Math.max(...partial.aif)).toBeGreaterThan(0.95);
    expect(Math.max(...curve) / Math.max(...partial.aif)).toBeLessThan(1.05);
    expect(factor).toBeCloseTo(1 / 0.6, 1);
    expect(inWords).toBe(`AIF times ${factor.toFixed(2)} (area of VOF / area of AIF)`);
  });

  test('is not done when it is off, without a vein, with a smaller one, or with one that has not returned', () => {
    for (const [vein, isScaled] of [
      [vof, false],
      [null, true],
      [{ ...vof!, area: aif!.area * 0.9 }, true],
      [{ ...vof!, curve: vof!.curve.slice(0, 22) }, true],
    ] as const) {
      const { curve, factor, inWords } = arterialInput(aif!, vein, isScaled);
      expect(factor).toBe(1);
      expect(curve).toBe(aif!.curve);
      expect(inWords).toContain('AIF as measured');
    }
  });
});
