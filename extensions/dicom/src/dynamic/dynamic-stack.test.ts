import type { NaturalDataSet } from '../results/natural.ts';
import { AS_MR, type ImageOf, images, inPlace, numbersOf, stackOf, tm } from './dynamic.test-support.ts';

const steps = (count: number, stepS: number) => Array.from({ length: count }, (_, t) => t * stepS);

test('a CT series split by AcquisitionTime alone has its slices and time points in place', () => {
  const series = images(20, 5);
  const stack = stackOf(series);
  expect(numbersOf(stack, series)).toEqual(inPlace(20, 5));
  expect(stack).toMatchObject({
    dimensions: [48, 64, 5],
    spacingMm: [0.4, 0.5, 4],
    signal: { kind: 'attenuation' },
    splitBy: 'AcquisitionTime',
    timesFrom: 'AcquisitionTime',
    leftOut: [],
    notes: [],
  });
  expect(stack.timesS).toEqual(steps(20, 2));
});

describe('the attribute that tells time points apart', () => {
  const noTime: NaturalDataSet = { AcquisitionTime: '100000' };
  test.each<[attribute: string, from: string, image: ImageOf]>([
    [
      'AcquisitionDateTime',
      'AcquisitionDateTime',
      t => ({ ...noTime, AcquisitionDateTime: `20250115${tm(36_000 + 2 * t)}` }),
    ],
    ['ContentTime', 'ContentTime', t => ({ ...noTime, ContentTime: tm(50_000 + 2 * t) })],
    ['ContentTime', 'ContentTime', t => ({ AcquisitionTime: undefined, ContentTime: tm(50_000 + 2 * t) })],
    ['TemporalPositionIdentifier', 'AcquisitionTime', t => ({ TemporalPositionIdentifier: t + 1 })],
    ['TemporalPositionIdentifier', 'AcquisitionTime', t => ({ TemporalPositionIdentifier: String(t + 1) })],
    [
      'TemporalPositionIdentifier',
      'TriggerTime',
      t => ({ ...AS_MR, TemporalPositionIdentifier: t + 1, TriggerTime: 2000 * t }),
    ],
    [
      'TemporalPositionIdentifier',
      'TemporalResolution',
      t => ({ ...AS_MR, TemporalPositionIdentifier: t + 1, TemporalResolution: '2000' }),
    ],
    ['TriggerTime', 'TriggerTime', t => ({ ...AS_MR, TriggerTime: 2000 * t })],
    // When images were made says less than how far time points are apart
    [
      'TemporalPositionIdentifier',
      'TemporalResolution',
      t => ({ ...AS_MR, TemporalPositionIdentifier: t + 1, TemporalResolution: 2000, ContentTime: tm(50_000 + t) }),
    ],
    [
      'TemporalPositionIdentifier',
      'ContentTime',
      t => ({ ...AS_MR, TemporalPositionIdentifier: t + 1, ContentTime: tm(50_000 + 2 * t) }),
    ],
    // Echo times that differ by their rounding
    ['TriggerTime', 'TriggerTime', (t, z) => ({ ...AS_MR, TriggerTime: 2000 * t, EchoTime: 30 + 0.01 * z })],
    // All slices of all time points have their own number, but one acquisition time per time point
    ['AcquisitionTime', 'AcquisitionTime', (t, z) => ({ AcquisitionNumber: t * 5 + z })],
    // A time per slice and time point of which none is shared, and no other attribute
    ['AcquisitionTime', 'AcquisitionTime', (t, z) => ({ AcquisitionTime: tm(36_000 + 2 * t + 0.1 * z) })],
  ])('%s, times from %s', (splitBy, timesFrom, image) => {
    const series = images(12, 5, image);
    const stack = stackOf(series);
    expect(numbersOf(stack, series)).toEqual(inPlace(12, 5));
    expect(stack).toMatchObject({ splitBy, timesFrom });
    expect(stack.timesS).toEqual(steps(12, 2));
  });

  test('what the others say is kept', () => {
    const { tried } = stackOf(
      images(10, 4, (t, z) => ({
        TemporalPositionIdentifier: t === 3 && z === 1 ? undefined : 1,
        AcquisitionTime: '100000',
        AcquisitionDateTime: t < 5 ? '20250115100000' : '20250115100100',
        ContentTime: tm(36_000 + 2 * t),
      })),
    );
    expect(tried).toEqual([
      'TemporalPositionIndex is missing',
      'TemporalPositionIdentifier is missing in 1 image',
      'TemporalPositionTimeOffset is missing',
      'AcquisitionDateTime is the same in 32 images as in another one of their place',
      'AcquisitionTime is the same at all times',
      'ContentTime tells 10 time points apart',
    ]);
  });

  test('content times are those of the time point: slices are made one after the other', () => {
    const stack = stackOf(
      images(10, 4, (t, z) => ({ AcquisitionTime: undefined, ContentTime: tm(36_000 + 2 * t + 1.5 * z) })),
    );
    expect(stack.timesS).toEqual(steps(10, 2));
    expect(stack.frameTimesS).toEqual(steps(10, 2).map(time => new Array(4).fill(time)));
  });

  test('an acquisition number, where the times repeat', () => {
    // Two time points of each acquisition time, as where times are written to the second
    const series = images(12, 3, t => ({ AcquisitionTime: tm(36_000 + 4 * Math.floor(t / 2)), AcquisitionNumber: t }));
    expect(() => stackOf(series)).toThrow(/do not increase \(AcquisitionTime\): time point 2/);
  });
});

describe('times', () => {
  test('pass midnight with and without a date', () => {
    const late = 86_400 - 9;
    const timeOf = (t: number) => tm((late + 2 * t) % 86_400);
    const dateOf = (t: number) => (late + 2 * t < 86_400 ? '20250115' : '20250116');
    for (const date of [dateOf, () => '20250115', () => undefined]) {
      const series = images(12, 2, t => ({ AcquisitionDate: date(t), AcquisitionTime: timeOf(t) }));
      const stack = stackOf(series);
      expect(numbersOf(stack, series)).toEqual(inPlace(12, 2));
      expect(stack.timesS).toEqual(steps(12, 2));
    }
  });

  test('keep their fractions and are irregular where they are', () => {
    const at = [0, 1.5, 3.125, 4, 5.5, 7, 9.75, 12, 15, 18];
    const stack = stackOf(images(10, 3, t => ({ AcquisitionTime: tm(36_000 + at[t]!) })));
    expect(stack.timesS).toEqual(at);
  });

  test('of slices are kept, and their mean is the time of the time point', () => {
    const delays = [0, 1, 0.5, 1.5]; // interleaved
    const stack = stackOf(images(10, 4, (t, z) => ({ ...AS_MR, TriggerTime: 2000 * t + 1000 * delays[z]! })));
    expect(stack.timesS).toEqual(steps(10, 2));
    expect(stack.frameTimesS[3]).toEqual(delays.map(delay => 6 + delay - 0.75));
    expect(stack.notes).toEqual([
      'The slices of one time point were acquired up to 1.5 s apart (TriggerTime); the time of a time point is the mean of its slices.',
    ]);
  });
});

describe('geometry', () => {
  test('a stack may be oblique', () => {
    const [sin, cos] = [Math.sin(0.35), Math.cos(0.35)];
    const tilted = (z: number) => ({
      ImageOrientationPatient: [1, 0, 0, 0, cos, -sin],
      ImagePositionPatient: [-100, -110 + 4 * z * sin, 50 + 4 * z * cos],
      GantryDetectorTilt: 20,
    });
    const series = images(10, 4, (_, z) => tilted(z));
    expect(numbersOf(stackOf(series), series)).toEqual(inPlace(10, 4));
    expect(stackOf(series).spacingMm[2]).toBeCloseTo(4, 6);
  });

  test('one slice is measured by its thickness', () => {
    expect(stackOf(images(10, 1))).toMatchObject({ dimensions: [48, 64, 1], spacingMm: [0.4, 0.5, 4] });
  });

  test('tables that return to within a tenth of a millimeter do not matter', () => {
    const series = images(10, 4, (t, z) => ({ ImagePositionPatient: [-100, -110, 50 + 4 * z + (t % 2 ? 0.04 : 0)] }));
    expect(numbersOf(stackOf(series), series)).toEqual(inPlace(10, 4));
  });
});

describe('images beside the 4D part are left out, with a note', () => {
  const beside = (changes: NaturalDataSet, count = 12): NaturalDataSet[] =>
    images(1, count, (_, z) => ({ ...changes, SOPInstanceUID: `2.25.7${z}`, InstanceNumber: 900 + z }));

  test.each<[string, NaturalDataSet[], RegExp]>([
    [
      'a volume of thinner slices',
      beside({ SliceThickness: 1 }),
      /^12 images .* left out: they differ from the 4D part/,
    ],
    ['a localizer', beside({ ImageType: 'ORIGINAL\\PRIMARY\\LOCALIZER' }, 1), /^1 image .*: it is a localizer/],
    ['projections', beside({ ImageType: 'DERIVED\\SECONDARY\\AXIAL\\MIP' }), /each is a projection/],
    ['maps', beside({ ImageType: 'DERIVED\\PRIMARY\\AXIAL\\CBF' }), /each is a perfusion map/],
    ['secondary captures', beside({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' }, 2), /no images of CT or MR/],
    [
      'slices of a volume above and below',
      images(1, 10, (_, z) => ({
        InstanceNumber: 900 + z,
        SOPInstanceUID: `2.25.7${z}`,
        AcquisitionTime: '095500',
        ImagePositionPatient: [-100, -110, 200 + 4 * z],
      })),
      /^10 images .* lie where the 4D part has no slice/,
    ],
  ])('%s', (_, others, note) => {
    const series = [...others.slice(0, 1), ...images(10, 4), ...others.slice(1)];
    const stack = stackOf(series);
    expect(numbersOf(stack, series)).toEqual(inPlace(10, 4));
    expect(stack.leftOut).toHaveLength(others.length);
    expect(stack.notes).toEqual([expect.stringMatching(note)]);
  });

  test('a short echo is said: it may be no perfusion scan of this kind', () => {
    const stack = stackOf(images(10, 4, t => ({ ...AS_MR, TriggerTime: 2000 * t, EchoTime: 1.6 })));
    expect(stack.notes).toEqual([expect.stringMatching(/^The echo time is 1\.6 ms, short for/)]);
  });

  test('derived images are read, and said to be derived', () => {
    const { notes } = stackOf(images(10, 4, () => ({ ImageType: 'DERIVED\\SECONDARY\\AXIAL' })));
    expect(notes).toEqual([expect.stringMatching(/^The images are derived \(ImageType DERIVED/)]);
  });
});
