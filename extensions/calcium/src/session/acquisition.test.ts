import type { Instance } from '@voxelwise/host';
import { factsOf } from './acquisition.ts';
import type { CtSeries } from './ct-series.ts';

describe('facts of the acquisition', () => {
  const padded = new Map([[300, 4]]);
  const factsFor = (...instances: Instance[]) =>
    factsOf({ loaded: { instances }, spacingMm: [0.5, 0.5, 2.5], padded } as unknown as CtSeries);

  const calciumScan = {
    KVP: '120.0',
    SliceThickness: 3,
    ConvolutionKernel: 'Qr36',
    FilterMaterial: 'ALUMINUM',
    ScanOptions: ['ECG', 'AXIAL'],
    ImageType: ['DERIVED', 'SECONDARY'],
  };

  test('come from the slices and from the measured increment', () => {
    expect(factsFor(calciumScan, calciumScan)).toEqual({
      kvp: 120,
      kvps: [120],
      kernels: ['Qr36'],
      filterMaterials: ['ALUMINUM'],
      incrementMm: 2.5,
      sliceThicknessMm: 3,
      sliceCount: 2,
      contrastAgent: '',
      gating: 'ECG\\AXIAL',
      imageTypes: ['DERIVED\\SECONDARY'],
      padded,
    });
  });

  test('are those of every slice, however late it comes', () => {
    const other = {
      KVP: 80,
      SliceThickness: '0.5',
      ContrastBolusAgent: ' Iohexol ',
      ConvolutionKernel: 'Br64',
      FilterMaterial: 'TIN',
      ScanOptions: 'NON GATED',
    };
    expect(factsFor(calciumScan, calciumScan, other)).toMatchObject({
      kvp: 120,
      kvps: [120, 80],
      kernels: ['Qr36', 'Br64'],
      filterMaterials: ['ALUMINUM', 'TIN'],
      sliceThicknessMm: 0.5,
      contrastAgent: 'Iohexol',
      gating: '',
    });
    expect(factsFor({}, calciumScan)).toMatchObject({ kvp: 120, kernels: ['', 'Qr36'], gating: '' });
    expect(factsFor({ ContrastBolusAgentSequence: [{ CodeValue: 'C-17800' }] })).toMatchObject({
      contrastAgent: 'named by code',
    });
  });

  test.each([undefined, null, '', 'unknown', 0, '0', -1])('a voltage of %p is none', KVP => {
    expect(factsFor({ KVP, SliceThickness: KVP })).toMatchObject({
      kvp: null,
      sliceThicknessMm: null,
      contrastAgent: '',
    });
  });

  test('of no slice are unknown', () => {
    expect(factsFor()).toMatchObject({ kvp: null, sliceThicknessMm: null, sliceCount: 0 });
  });
});
