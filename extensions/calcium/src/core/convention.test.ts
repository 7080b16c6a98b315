import { DEFAULT_CONVENTION, describeConvention, isLargeEnough, sliceFactor, weightOf } from './index.ts';

describe('the default convention', () => {
  test('is Agatston’s at 120 kVp with the 1 mm2 rule, 8-connected, equivalent to 3 mm', () => {
    expect(DEFAULT_CONVENTION).toEqual({
      thresholdHu: 130,
      connectivity: 8,
      minimumLesion: { rule: 'area', areaMm2: 1 },
      equivalent3mm: true,
      weightEdgesHu: [130, 200, 300, 400],
      volumeMethod: 'voxels',
    });
  });
});

describe('weightOf', () => {
  test.each([
    [-1000, 0],
    [129.999, 0],
    [130, 1],
    [199, 1],
    [199.999, 1],
    [200, 2],
    [299.999, 2],
    [300, 3],
    [399.999, 3],
    [400, 4],
    [3071, 4],
  ])('a peak of %d HU weighs %d', (peak, weight) => {
    expect(weightOf(peak, DEFAULT_CONVENTION.weightEdgesHu)).toBe(weight);
  });

  test('follows other edges and any number of them', () => {
    expect([176, 177, 271, 408, 544].map(peak => weightOf(peak, [177, 271, 408, 544]))).toEqual([0, 1, 2, 3, 4]);
    expect([99, 100, 5000].map(peak => weightOf(peak, [100]))).toEqual([0, 1, 1]);
    expect(weightOf(5000, [])).toBe(0);
  });
});

describe('isLargeEnough', () => {
  test('an area rule compares millimetres', () => {
    const oneMm2 = { rule: 'area', areaMm2: 1 } as const;
    expect([3, 4].map(pixels => isLargeEnough(pixels, 0.25, oneMm2))).toEqual([false, true]);
    expect([2, 3].map(pixels => isLargeEnough(pixels, 0.5859 ** 2, oneMm2))).toEqual([false, true]);
    expect(isLargeEnough(1, 1, oneMm2)).toBe(true);
  });

  test('rounding never costs a component that is exactly as large as the minimum', () => {
    const oneMm2 = { rule: 'area', areaMm2: 1 } as const;
    for (const perSide of [1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 15, 20]) {
      const spacingMm = 1 / perSide;
      expect(isLargeEnough(perSide ** 2, spacingMm * spacingMm, oneMm2)).toBe(true);
      expect(isLargeEnough(perSide ** 2 - 1, spacingMm * spacingMm, oneMm2)).toBe(false);
    }
  });

  test('nor do the digits to which a pixel spacing is written', () => {
    const oneMm2 = { rule: 'area', areaMm2: 1 } as const;
    for (const [pixels, spacingMm] of [
      [3, 0.57735],
      [9, 0.333333],
      [6, 0.408248],
      [12, 0.288675],
    ] as const) {
      expect(isLargeEnough(pixels, spacingMm * spacingMm, oneMm2)).toBe(true);
      expect(isLargeEnough(pixels - 1, spacingMm * spacingMm, oneMm2)).toBe(false);
    }
    expect(isLargeEnough(1, 0.9999, oneMm2)).toBe(false);
  });

  test('a pixel rule counts pixels whatever their size', () => {
    const threePixels = { rule: 'pixels', pixels: 3 } as const;
    for (const area of [0.01, 0.25, 9]) {
      expect([2, 3, 4].map(pixels => isLargeEnough(pixels, area, threePixels))).toEqual([false, true, true]);
    }
  });
});

describe('sliceFactor', () => {
  test.each([
    [3, 1],
    [2.5, 2.5 / 3],
    [1.5, 0.5],
    [0.5, 0.5 / 3],
  ])('an increment of %d mm counts %d times with equivalence, once without', (incrementMm, factor) => {
    expect(sliceFactor(DEFAULT_CONVENTION, incrementMm)).toBeCloseTo(factor, 12);
    expect(sliceFactor({ ...DEFAULT_CONVENTION, equivalent3mm: false }, incrementMm)).toBe(1);
  });
});

describe('describeConvention', () => {
  test('says the default in words', () => {
    expect(describeConvention(DEFAULT_CONVENTION, [0.5, 0.5, 3])).toEqual([
      'Threshold: HU >= 130',
      'Components: per slice, 8-connected; lesions: across slices, 26-connected',
      'Minimum lesion: area >= 1 mm²',
      'Weights by peak HU in the slice: 1 from 130, 2 from 200, 3 from 300, 4 from 400',
      'Slice increment: 3 mm, score x 3/3 (equivalent 3 mm)',
      'Volume: voxel count x voxel volume',
    ]);
  });

  test('says every switch', () => {
    expect(
      describeConvention(
        {
          thresholdHu: 147.5,
          connectivity: 4,
          minimumLesion: { rule: 'pixels', pixels: 3 },
          equivalent3mm: false,
          weightEdgesHu: [147, 220],
          volumeMethod: 'isotropic',
        },
        [0.4, 0.6, 2.5],
      ),
    ).toEqual([
      'Threshold: HU >= 147.5',
      'Components: per slice, 4-connected; lesions: across slices, 6-connected',
      'Minimum lesion: >= 3 pixels',
      'Weights by peak HU in the slice: 1 from 147, 2 from 220',
      'Slice increment: 2.5 mm, no 3 mm equivalence',
      'Volume: isotropic voxels of HU >= 147.5 after linear interpolation between slices, in steps of 0.5 mm',
    ]);
  });

  test('prints increments without the noise of floating point', () => {
    expect(describeConvention(DEFAULT_CONVENTION, [0.5, 0.5, 0.1 + 0.2])[4]).toContain('0.3 mm, score x 0.3/3');
    expect(describeConvention(DEFAULT_CONVENTION, [0.5, 0.5, 2.4999999999])[4]).toContain('2.5 mm');
    expect(describeConvention(DEFAULT_CONVENTION, [0.5, 0.5, 1.25])[4]).toContain('1.25 mm');
  });
});
