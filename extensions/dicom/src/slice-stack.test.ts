import { type GeometryProblem, type SliceGeometry, SliceStackError, stackSlices } from './slice-stack.ts';

const AXIAL = [1, 0, 0, 0, 1, 0];

/** One slice of a regular series: 3 mm apart, numbered from 1. */
function slice(index: number, change: Partial<SliceGeometry> = {}): SliceGeometry {
  return {
    label: `image ${index + 1}`,
    rows: 512,
    columns: 256,
    pixelSpacingMm: [0.6, 0.5],
    position: [-120, -130, -50 + 3 * index],
    orientation: AXIAL,
    ...change,
  };
}

/** Slices of a series, each with its own change; null leaves one out. */
function series(count: number, changeOf: (index: number) => Partial<SliceGeometry> | null = () => ({})) {
  return Array.from({ length: count }, (_, index) => index).flatMap(index => {
    const change = changeOf(index);
    return change ? [slice(index, change)] : [];
  });
}
const only = (wanted: number, change: Partial<SliceGeometry> | null) => (index: number) =>
  index === wanted ? change : {};
const atZ = (z: number): Partial<SliceGeometry> => ({ position: [-120, -130, z] });

function refusalOf(slices: readonly SliceGeometry[]): SliceStackError {
  try {
    stackSlices(slices);
  } catch (error) {
    if (error instanceof SliceStackError) return error;
    throw error;
  }
  throw new Error('the stack was accepted');
}

function expectRefusal(slices: readonly SliceGeometry[], problem: GeometryProblem, message: RegExp): void {
  const refusal = refusalOf(slices);
  expect(refusal).toMatchObject({ problem, message: expect.stringMatching(message) });
  expect(refusal.message).toMatch(/^[^\n]+\.$/);
}

const cosine = (degrees: number) => Math.cos((degrees * Math.PI) / 180);
const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);

describe('a regular axial stack', () => {
  test('has columns before rows, and the increment of the positions', () => {
    expect(stackSlices(series(5))).toEqual({
      order: [0, 1, 2, 3, 4],
      dimensions: [256, 512, 5],
      spacingMm: [0.5, 0.6, 3],
    });
  });

  test('is sorted by ascending z from descending and shuffled slices', () => {
    expect(stackSlices(series(4, index => atZ(-3 * index))).order).toEqual([3, 2, 1, 0]);
    const shuffled = [2, 0, 3, 1].map(index => slice(index));
    expect(stackSlices(shuffled)).toEqual({ order: [1, 3, 0, 2], dimensions: [256, 512, 4], spacingMm: [0.5, 0.6, 3] });
  });

  test.each([
    ['head first, prone', [-1, 0, 0, 0, -1, 0]],
    ['feet first, supine, normal down', [-1, 0, 0, 0, 1, 0]],
    ['feet first, prone, normal down', [1, 0, 0, 0, -1, 0]],
    ['on the side', [0, 1, 0, -1, 0, 0]],
    ['turned in its plane by 30 degrees', [cosine(30), sine(30), 0, -sine(30), cosine(30), 0]],
  ])('is sorted by ascending z: %s', (_, orientation) => {
    expect(stackSlices(series(3, () => ({ orientation })))).toMatchObject({
      order: [0, 1, 2],
      spacingMm: [0.5, 0.6, 3],
    });
  });

  test('needs two slices only', () => {
    expect(stackSlices(series(2)).spacingMm[2]).toBe(3);
  });

  test('keeps small table movements and rounded positions out of the increment', () => {
    // 1 / 3 mm apart, written to 0.01 mm; the table moves by 0.03 mm.
    const slices = series(100, index => ({
      position: [-120 + 0.03 * (index % 2), -130, Number((index / 3).toFixed(2))],
    }));
    expect(stackSlices(slices).spacingMm[2]).toBeCloseTo(1 / 3, 12);
    const jitter = series(10, index => atZ(3 * index + (index % 2 ? 0.005 : -0.005)));
    expect(stackSlices(jitter).spacingMm[2]).toBeCloseTo(3 + 0.01 / 9, 12);
  });

  test('takes direction cosines with three decimals, also where slices round them differently', () => {
    const tiny = sine(0.03);
    expect(stackSlices(series(3, () => ({ orientation: [1, 0, 0.001, 0, 1, -0.001] }))).order).toEqual([0, 1, 2]);
    expect(stackSlices(series(3, only(1, { orientation: [1, tiny, 0, -tiny, 1, 0] }))).order).toEqual([0, 1, 2]);
    const turned = [0.866, 0.5, 0, -0.5, 0.866, 0];
    expect(
      stackSlices(series(3, index => ({ orientation: index ? turned : [0.867, 0.499, 0, -0.499, 0.867, 0] }))).order,
    ).toEqual([0, 1, 2]);
  });

  test('takes a tilt attribute that is a rounded zero, and the same spacing with more digits', () => {
    expect(stackSlices(series(3, () => ({ gantryTiltDegrees: -0.05 }))).order).toEqual([0, 1, 2]);
    const { spacingMm } = stackSlices(series(3, only(1, { pixelSpacingMm: [0.60001, 0.49999] })));
    expect(spacingMm).toEqual([0.5, 0.6, 3]);
  });

  test('a shear below 0.1 mm is no tilt in a short stack, where rounding makes large angles', () => {
    const slices = [slice(0), slice(1, { position: [-120.04, -130, -49.5] })];
    expect(stackSlices(slices).spacingMm[2]).toBe(0.5);
  });
});

describe('refuses', () => {
  test('fewer than two slices', () => {
    expectRefusal([], 'too-few-slices', /has no slices/);
    expectRefusal([slice(0)], 'too-few-slices', /only one slice \(image 1\)/);
  });

  test.each<[string, Partial<SliceGeometry>, RegExp]>([
    ['no rows', { rows: Number.NaN }, /Rows and Columns \(NaN\\256\) is not usable in image 2/],
    ['no columns', { columns: 0 }, /Rows and Columns/],
    ['no pixel spacing', { pixelSpacingMm: [] }, /PixelSpacing is missing in image 2/],
    ['one pixel spacing', { pixelSpacingMm: [0.5] }, /PixelSpacing \(0\.5\) is not usable/],
    ['a pixel spacing of zero', { pixelSpacingMm: [0, 0.5] }, /PixelSpacing \(0\\0\.5\) is not usable/],
    ['an infinite pixel spacing', { pixelSpacingMm: [Number.POSITIVE_INFINITY, 1] }, /PixelSpacing/],
    ['no position', { position: [] }, /ImagePositionPatient is missing/],
    ['a position of NaN', { position: [0, 0, Number.NaN] }, /ImagePositionPatient \(0\\0\\NaN\) is not usable/],
    ['no orientation', { orientation: [] }, /ImageOrientationPatient is missing/],
    ['five cosines', { orientation: [1, 0, 0, 0, 1] }, /ImageOrientationPatient/],
    ['cosines of NaN', { orientation: [1, 0, 0, 0, Number.NaN, 0] }, /ImageOrientationPatient/],
    ['directions that are not unit vectors', { orientation: [2, 0, 0, 0, 1, 0] }, /ImageOrientationPatient/],
    ['directions that are not perpendicular', { orientation: [1, 0, 0, 1, 0, 0] }, /ImageOrientationPatient/],
    ['a tilt of NaN', { gantryTiltDegrees: Number.NaN }, /GantryDetectorTilt \(NaN\) is not usable/],
  ])('%s', (_, change, message) => {
    expectRefusal(series(3, only(1, change)), 'missing-attribute', message);
  });

  test.each<[string, Partial<SliceGeometry>, RegExp]>([
    ['another size', { rows: 256 }, /differ in Rows x Columns, 512 x 256 in image 1 and 256 x 256 in image 3/],
    ['another pixel spacing', { pixelSpacingMm: [0.6, 0.501] }, /differ in PixelSpacing, 0\.6 x 0\.5 in image 1/],
    [
      'another orientation',
      { orientation: [0, 1, 0, -1, 0, 0] },
      /differ in ImageOrientationPatient, 1\\0\\0\\0\\1\\0 in/,
    ],
  ])('%s in one slice', (_, change, message) => {
    expectRefusal(series(4, only(2, change)), 'mixed-geometry', message);
  });

  test.each([
    ['a coronal stack', [1, 0, 0, 0, 0, -1], /90\.00 degrees off axial \(ImageOrientationPatient of image 1\)/],
    ['a sagittal stack', [0, 1, 0, 0, 0, -1], /90\.00 degrees/],
    ['a tilt of half a degree in the orientation', [1, 0, 0, 0, cosine(0.5), sine(0.5)], /0\.50 degrees off axial/],
  ])('%s', (_, orientation, message) => {
    expectRefusal(
      series(4, () => ({ orientation })),
      'oblique',
      message,
    );
  });

  test('a tilted gantry by its attribute, in either direction, in any slice', () => {
    expectRefusal(
      series(4, only(3, { gantryTiltDegrees: 0.5 })),
      'gantry-tilt',
      /tilted by 0\.5 degrees \(GantryDetectorTilt of image 4\)/,
    );
    expectRefusal(
      series(4, () => ({ gantryTiltDegrees: -12.5 })),
      'gantry-tilt',
      /tilted by -12\.5 degrees/,
    );
  });

  test('a tilted gantry by its shear', () => {
    const sheared = series(20, index => ({ position: [-120, -130 + 3 * index * Math.tan(Math.PI / 360), 3 * index] }));
    expectRefusal(
      sheared,
      'gantry-tilt',
      /sheared, 0\.50 degrees off their normal from image 1 \(z 0 mm\) to image 20 \(z 57 mm\)/,
    );
  });

  test('one slice beside the line of the others', () => {
    expectRefusal(
      series(5, only(2, { position: [-119.8, -130, -44] })),
      'misplaced-slice',
      /image 3 \(z -44 mm\) lies 0\.2 mm beside/,
    );
  });

  test('two slices at one place, with what is known of the reason', () => {
    const twice = (a: Partial<SliceGeometry>, b: Partial<SliceGeometry>) =>
      [...series(3), slice(3, { ...atZ(-47), ...b })].map((s, i) => (i === 1 ? { ...s, ...a } : s));
    expectRefusal(
      twice({}, {}),
      'duplicate-position',
      /One place has .* image 2 \(z -47 mm\) and image 4 \(z -47 mm\), as with two/,
    );
    expectRefusal(
      twice({ sopInstanceUid: '1.2' }, { sopInstanceUid: '1.2' }),
      'duplicate-position',
      /copies of the same image \(SOP Instance UID 1\.2\)/,
    );
    expectRefusal(
      twice({ acquisitionNumber: '1' }, { acquisitionNumber: '2' }),
      'duplicate-position',
      /two acquisitions or phases/,
    );
    expectRefusal(
      twice({ acquisitionTime: '10' }, { acquisitionTime: '11' }),
      'duplicate-position',
      /two acquisitions or phases/,
    );
    expectRefusal(
      twice({ acquisitionTime: '10', sopInstanceUid: '1' }, { acquisitionTime: '10', sopInstanceUid: '2' }),
      'duplicate-position',
      /as with two/,
    );
  });

  test('all slices at one place', () => {
    expectRefusal(
      series(3, () => atZ(7)),
      'duplicate-position',
      /2 places have more than one slice/,
    );
  });

  test('one SOP Instance UID at several places', () => {
    const uids = (...repeated: number[]) =>
      series(5, index => ({ sopInstanceUid: repeated.includes(index) ? '1.2' : `1.2.${index}` }));
    expect(stackSlices(uids()).order).toHaveLength(5);
    expectRefusal(
      uids(1, 4),
      'repeated-instance',
      /image 2 \(z -47 mm\) and image 5 \(z -38 mm\) have the same SOP Instance UID 1\.2, so/,
    );
    expectRefusal(uids(0, 1, 2, 3, 4), 'repeated-instance', /image 1 .* and image 2 .* have the same SOP Instance UID/);
    // Where slices do not say it, nothing is known against them.
    expect(stackSlices(series(5, () => ({ sopInstanceUid: '' }))).order).toHaveLength(5);
  });

  test('missing slices, and says between which', () => {
    expectRefusal(
      series(6, only(2, null)),
      'missing-slices',
      /^One slice is missing between image 2 \(z -47 mm\) and image 4 \(z -41 mm\): the gap is 6 mm where 3 mm is usual\.$/,
    );
    expectRefusal(
      series(9, index => ([3, 4].includes(index) ? null : {})),
      'missing-slices',
      /^2 slices are missing between image 3 .* and image 6/,
    );
    expectRefusal(
      series(9, index => ([2, 4].includes(index) ? null : {})),
      'missing-slices',
      /usual, and 1 more such gap\.$/,
    );
    expectRefusal(
      series(12, index => ([2, 4, 6].includes(index) ? null : {})),
      'missing-slices',
      /usual, and 2 more such gaps\.$/,
    );
  });

  test('uneven spacing', () => {
    expectRefusal(
      series(6, only(3, atZ(-40.9))),
      'irregular-spacing',
      /gap is 3\.1 mm between image 3 \(z -44 mm\) and image 4 \(z -40\.9 mm\) where 3 mm is usual, and 1 more such gap\./,
    );
    const widening = series(6, index => atZ(index * 3 + index ** 2 / 10));
    expectRefusal(widening, 'irregular-spacing', /not evenly spaced/);
  });
});

test('refuses two acquisitions that lie in each other’s gaps, and says what to do', () => {
  expectRefusal(
    series(6, index => ({ acquisitionNumber: index % 2 ? '7' : '5' })),
    'interleaved-acquisitions',
    /^Slices of several acquisitions alternate along z, as image 1 \(z -50 mm\) and image 2 \(z -47 mm\) with AcquisitionNumber 5 and 7, so they are not one volume; export every acquisition as a series of its own, and choose one\.$/,
  );
  // By their places, whatever the order of the images.
  const shuffled = [0, 2, 4, 1, 3, 5].map(index => slice(index, { acquisitionNumber: index % 2 ? '7' : '5' }));
  expectRefusal(shuffled, 'interleaved-acquisitions', /image 1 .* and image 2 /);
});

test('refuses images that are no slices, and says what they are', () => {
  expectRefusal(
    series(4, only(2, { imageType: 'DERIVED\\SECONDARY\\AXIAL\\MIP' })),
    'not-a-slice',
    /^image 3 is a projection through several slices \(ImageType DERIVED\\SECONDARY\\AXIAL\\MIP\) and no slice; take it out of the series, or choose the original slices\.$/,
  );
  expect(stackSlices(series(4, () => ({ imageType: 'ORIGINAL\\PRIMARY\\AXIAL' }))).order).toHaveLength(4);
});
