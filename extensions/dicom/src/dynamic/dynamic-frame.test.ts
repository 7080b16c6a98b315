import type { NaturalDataSet } from '../results/natural.ts';
import { ctImage, framesOf, images, stackOf } from './dynamic.test-support.ts';
import { dynamicFramesOf } from './dynamic-frame.ts';
import { dynamicLikelihood, isDynamicSeries } from './dynamic-likelihood.ts';

/** Frames of an Enhanced CT image as OHIF holds it; places and times stand in functional groups. */
function enhancedCt(
  frames: readonly (readonly [t: number, z: number])[],
  changes: NaturalDataSet = {},
): NaturalDataSet {
  const { ImagePositionPatient: _, AcquisitionTime: __, RescaleSlope: ___, ...common } = ctImage(0, 0, 1);
  return {
    ...common,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2.1',
    NumberOfFrames: String(frames.length),
    AcquisitionDateTime: '20250115100000',
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: { PixelSpacing: ['0.5', '0.4'], SliceThickness: '4' },
        PixelValueTransformationSequence: [{ RescaleSlope: 1, RescaleIntercept: -1024, RescaleType: 'HU' }],
        CTImageFrameTypeSequence: [{ FrameType: ['ORIGINAL', 'PRIMARY', 'AXIAL', 'PERFUSION'] }],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(([t, z]) => ({
      FrameContentSequence: [
        { FrameAcquisitionDateTime: `202501151000${String(2 * t).padStart(2, '0')}.5`, FrameAcquisitionNumber: t },
      ],
      PlanePositionSequence: [{ ImagePositionPatient: [-100, -110, 50 + 4 * z] }],
      PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
    })),
    ...changes,
  };
}

const grid = (timePoints: number, slices: number) =>
  Array.from(
    { length: timePoints * slices },
    (_, index) => [index % timePoints, Math.floor(index / timePoints)] as const,
  );

test('a frame has the attributes of its functional groups', () => {
  const frames = dynamicFramesOf(
    enhancedCt([
      [0, 0],
      [3, 1],
    ]),
    'scan.dcm',
  );
  expect(frames.map(({ label }) => label)).toEqual(['frame 1 of scan.dcm', 'frame 2 of scan.dcm']);
  expect(frames[1]).toMatchObject({
    frame: 2,
    acquisitionDateTime: '20250115100006.5',
    acquisitionNumber: '3',
    imagePosition: '-100\\-110\\54',
    imageOrientation: '1\\0\\0\\0\\1\\0',
    pixelSpacing: '0.5\\0.4',
    sliceThickness: '4',
    imageType: 'ORIGINAL\\PRIMARY\\AXIAL\\PERFUSION',
    rescaleIntercept: '-1024',
  });
});

test('frames of one image are a 4D series', () => {
  const stack = stackOf([enhancedCt(grid(10, 3))]);
  expect(stack).toMatchObject({ splitBy: 'AcquisitionDateTime', dimensions: [48, 64, 3], spacingMm: [0.4, 0.5, 4] });
  expect(stack.timesS).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  // Frames go through the time points of a slice first
  expect(stack.order[2]).toEqual([2, 12, 22]);
  expect(stack.values.get(2)).toMatchObject({ slope: 1, intercept: -1024 });
});

test('so are the frames of several images, one for each time point', () => {
  const series = Array.from({ length: 10 }, (_, t) =>
    enhancedCt(
      [
        [t, 0],
        [t, 1],
      ],
      { InstanceNumber: t + 1 },
    ),
  );
  const stack = stackOf(series);
  expect(stack.order).toEqual(Array.from({ length: 10 }, (_, t) => [2 * t, 2 * t + 1]));
});

test('offsets, positions in time and echo times of frames are read', () => {
  const frames = Array.from({ length: 10 }, (_, t) => ({
    FrameContentSequence: [{ TemporalPositionIndex: t + 1 }],
    TemporalPositionSequence: [{ TemporalPositionTimeOffset: 1.5 * t }],
    PlanePositionSequence: [{ ImagePositionPatient: [0, 0, 0] }],
    MREchoSequence: [{ EffectiveEchoTime: 28.5 }],
    CardiacSynchronizationSequence: [{ NominalCardiacTriggerDelayTime: 1500 * t }],
  }));
  const image = enhancedCt([], {
    Modality: 'MR',
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4.1',
    NumberOfFrames: 10,
    PerFrameFunctionalGroupsSequence: frames,
  });
  expect(framesOf([image])[3]).toMatchObject({ triggerTime: '4500', temporalPositionIndex: '4' });
  expect(stackOf([image])).toMatchObject({
    splitBy: 'TemporalPositionIndex',
    timesFrom: 'TemporalPositionTimeOffset',
    timesS: [0, 1.5, 3, 4.5, 6, 7.5, 9, 10.5, 12, 13.5],
    signal: { kind: 'susceptibility', echoTimeS: 0.0285 },
  });
});

describe('how much a series looks like a perfusion scan', () => {
  const named = (series: NaturalDataSet[], SeriesDescription: string) =>
    series.map(image => ({ ...image, SeriesDescription }));

  test('a perfusion scan more than another 4D series, and maps not at all', () => {
    const perfusion = dynamicLikelihood(named(images(20, 4), 'CTP 4D brain'));
    const other = dynamicLikelihood(named(images(20, 4), 'Thorax'));
    const maps = dynamicLikelihood(
      named(
        images(20, 4, () => ({ ImageType: 'DERIVED\\SECONDARY\\CBF' })),
        'CTP',
      ),
    );
    expect(perfusion).toBeGreaterThan(other);
    expect(other).toBeGreaterThan(0);
    expect(maps).toBe(0);
  });

  test('multi-frame images too', () => {
    expect(isDynamicSeries([enhancedCt(grid(10, 3))])).toBe(true);
    expect(isDynamicSeries([enhancedCt(grid(4, 3))])).toBe(false);
  });

  test.each<[string, NaturalDataSet[]]>([
    ['nothing', []],
    ['a volume', images(1, 100)],
    ['7 time points', images(7, 10)],
    ['another modality', images(20, 4, () => ({ Modality: 'PT' }))],
  ])('%s is none', (_, series) => {
    expect(isDynamicSeries(series)).toBe(false);
  });
});
