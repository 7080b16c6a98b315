import type { DisplaySet, Host, Instance } from '@voxelwise/host';
import { ctSeriesOf, openCtSeries } from './ct-series.ts';

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

describe('a series is refused before it is loaded', () => {
  const refusal = (change: (index: number) => Instance) => {
    const instances = Array.from({ length: 6 }, (_, index) => ({
      Modality: 'CT',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      PatientID: 'P',
      PatientName: [{ Alphabetic: 'Doe^Jane' }],
      InstanceNumber: index + 1,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: 4,
      Columns: 4,
      BitsAllocated: 16,
      BitsStored: 12,
      HighBit: 11,
      PixelRepresentation: 0,
      RescaleSlope: 1,
      RescaleIntercept: -1024,
      PixelSpacing: [0.5, 0.5],
      ImagePositionPatient: [0, 0, 3 * index],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      ...change(index),
    }));
    return openCtSeries({} as Host, { instances } as unknown as DisplaySet, {});
  };

  test.each<[what: string, change: (index: number) => Instance, sentence: RegExp]>([
    [
      'no intercept',
      () => ({ RescaleIntercept: undefined }),
      /^RescaleIntercept is missing in image 1, so its Hounsfield/,
    ],
    ['a slope of 0', () => ({ RescaleSlope: 0 }), /^RescaleSlope is not usable \(0\) in image 1, so its Hounsfield/],
    [
      'padding over calcium',
      () => ({ PixelPaddingValue: 0, PixelPaddingRangeLimit: 4000 }),
      /^image 1 declares all values from -1024 to 2976 HU as padding .* calcium has such values/,
    ],
    [
      'two patients',
      index => (index === 4 ? { PatientName: [{ Alphabetic: 'Roe^Richard' }] } : {}),
      /^image 1 and image 5 are of two patients \(PatientName\)/,
    ],
    [
      'two acquisitions that alternate',
      index => ({ AcquisitionNumber: 1 + (index % 2) }),
      /acquisitions alternate along z, as image 1 .* with AcquisitionNumber 1 and 2/,
    ],
    [
      'projections',
      () => ({ ImageType: ['DERIVED', 'SECONDARY', 'MIP'] }),
      /^image 1 is a projection .*ImageType DERIVED\\SECONDARY\\MIP/,
    ],
  ])('for %s', async (_, change, sentence) => {
    await expect(refusal(change)).rejects.toThrow(sentence);
  });
});
