import type { DisplaySet, Host, Instance } from '@voxelwise/host';
import { ctSeriesOf, openCtSeries, paddingRangeHu } from './ct-series.ts';

describe('CT series of the study', () => {
  const namesOf = (...series: Partial<DisplaySet>[]) => {
    const displaySets = series.map(one => ({ Modality: 'CT', numImageFrames: 40, ...one }));
    const displaySetService = { getActiveDisplaySets: () => displaySets };
    return ctSeriesOf({ services: { displaySetService } } as unknown as Host).map(one => one.SeriesDescription);
  };

  test('are CT with more than one image', () => {
    const names = namesOf(
      { SeriesDescription: 'scout', numImageFrames: 1 },
      { SeriesDescription: 'report', Modality: 'SR' },
      { SeriesDescription: 'no count', numImageFrames: undefined },
      { SeriesDescription: 'axial' },
    );
    expect(names).toEqual(['axial']);
  });

  test('have volumes first, among them those that sound like calcium; the others after them', () => {
    const names = namesOf(
      { SeriesDescription: 'loose images' },
      { SeriesDescription: 'CaScore loose' },
      { SeriesDescription: 'lung', isReconstructable: true },
      { SeriesDescription: 'Calcium 3 mm', isReconstructable: true },
      { SeriesDescription: undefined, isReconstructable: true },
    );
    expect(names).toEqual(['Calcium 3 mm', 'lung', undefined, 'CaScore loose', 'loose images']);
  });

  test('of the same rank keep the order of the study', () => {
    const names = ['agatston', 'CAC', 'DS_CaScSeq CALC', 'score'];
    expect(namesOf(...names.map(SeriesDescription => ({ SeriesDescription })))).toEqual(names);
  });
});

test.each([
  ['patients (PatientName)', { PatientName: [{ Alphabetic: 'Roe^Richard' }] }],
  ['patients (PatientBirthDate)', { PatientBirthDate: '19991231' }],
  ['frames of reference (FrameOfReferenceUID)', { FrameOfReferenceUID: '1.9' }],
])('a series of two %s is not opened', async (what, change) => {
  const instance = { PatientID: 'P', PatientName: [{ Alphabetic: 'Doe^Jane' }], PatientBirthDate: '19600229' };
  const instances = [instance, { ...instance, ...change }];
  const opened = openCtSeries({} as Host, { instances } as unknown as DisplaySet, {});
  await expect(opened).rejects.toThrow(`The images of this series are of two ${what}, so`);
});

describe('a series is refused before it is loaded', () => {
  const refusal = (change: (index: number) => Instance) => {
    const instances = Array.from({ length: 6 }, (_, index) => ({
      InstanceNumber: index + 1,
      Rows: 4,
      Columns: 4,
      PixelSpacing: [0.5, 0.5],
      ImagePositionPatient: [0, 0, 3 * index],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      ...change(index),
    }));
    return openCtSeries({} as Host, { instances } as unknown as DisplaySet, {});
  };

  test('of two acquisitions that alternate', async () => {
    await expect(refusal(index => ({ AcquisitionNumber: 1 + (index % 2) }))).rejects.toThrow(
      /acquisitions alternate along z, as image 1 .* with AcquisitionNumber 1 and 2/,
    );
    const times = ['100000', '100510'];
    await expect(refusal(index => ({ AcquisitionTime: times[index % 2] }))).rejects.toThrow(/AcquisitionTime/);
    await expect(refusal(index => ({ InstanceNumber: index + 50 * (index % 2) }))).rejects.toThrow(/InstanceNumber/);
  });

  test('of projections', async () => {
    await expect(refusal(() => ({ ImageType: ['DERIVED', 'SECONDARY', 'MIP'] }))).rejects.toThrow(
      /^image 1 is a projection .*ImageType DERIVED\\SECONDARY\\MIP/,
    );
  });
});

describe('range of padding in HU', () => {
  const signed = { PixelRepresentation: 1, RescaleSlope: 1, RescaleIntercept: 0 };
  const unsigned = { PixelRepresentation: 0, RescaleSlope: 1, RescaleIntercept: -1024 };

  test.each([
    ['none', { ...signed }, null],
    ['null', { ...signed, PixelPaddingValue: null }, null],
    ['not a number', { ...signed, PixelPaddingValue: 'none' }, null],
    ['a limit without a value', { ...signed, PixelPaddingRangeLimit: -1024 }, null],
    ['signed', { ...signed, PixelPaddingValue: -2000 }, [-2000, -2000]],
    ['signed, given as its 16 bits', { ...signed, PixelPaddingValue: 63536 }, [-2000, -2000]],
    ['unsigned', { ...unsigned, PixelPaddingValue: 63536 }, [62512, 62512]],
    ['unsigned zero', { ...unsigned, PixelPaddingValue: 0 }, [-1024, -1024]],
    ['in a list', { ...signed, PixelPaddingValue: ['-2000'] }, [-2000, -2000]],
    ['a range', { ...signed, PixelPaddingValue: -3000, PixelPaddingRangeLimit: -2000 }, [-3000, -2000]],
    ['a range downwards', { ...signed, PixelPaddingValue: -2000, PixelPaddingRangeLimit: -3000 }, [-3000, -2000]],
    ['a range of 16 bits', { ...signed, PixelPaddingValue: 63536, PixelPaddingRangeLimit: 62536 }, [-3000, -2000]],
    ['without rescaling', { PixelRepresentation: 1, PixelPaddingValue: -2000 }, [-2000, -2000]],
    [
      'a negative slope turns the range round',
      { ...signed, RescaleSlope: -2, PixelPaddingValue: 10, PixelPaddingRangeLimit: 20 },
      [-40, -20],
    ],
  ])('%s', (_, instance, expected) => {
    expect(paddingRangeHu(instance)).toEqual(expected);
  });

  test('with a slope that is no power of two is what the viewer has in single precision', () => {
    const instance = { ...signed, RescaleSlope: '0.1', RescaleIntercept: '0.3', PixelPaddingValue: -2001 };
    const inViewer = new Float32Array([-2001 * 0.1 + 0.3])[0];
    expect(paddingRangeHu(instance)).toEqual([inViewer, inViewer]);
    expect(inViewer).not.toBe(-2001 * 0.1 + 0.3);
  });
});
