import {
  type DataSet,
  type NaturalDataSet,
  readPart10,
  sourceFromFiles,
  sourceFromFrames,
  writePart10,
} from '@voxelwise/dicom';
import { ABSOLUTE_CONSTANTS, PERFUSION_MAPS, type PerfusionMap, type PerfusionMaps } from '../core/index.ts';
import { MAP_DISPLAYS } from './color-map/index.ts';
import type { PerfusionResult, RegionStatistics, StrokeResult } from './perfusion-result.ts';

// A small result with a value of its own in every voxel, and the images that it could be of.

const DIMENSIONS = [9, 7, 4] as const;
const SPACING_MM = [0.75, 1.25, 5] as const;
const VOXELS = DIMENSIONS[0] * DIMENSIONS[1] * DIMENSIONS[2];
const VOXEL_ML = (SPACING_MM[0] * SPACING_MM[1] * SPACING_MM[2]) / 1000;
export const TIME_POINTS = 6;

/** Every value differs, none is round; every fifth voxel has none. */
function testMaps(): PerfusionMaps {
  const valuesOf = (map: PerfusionMap, index: number) =>
    Float32Array.from({ length: VOXELS }, (_, voxel) =>
      voxel % 5 === 0 ? Number.NaN : ((voxel + 1) * (index + 1)) / 7 - (map === 'Tmax' ? 3 : 0),
    );
  return Object.fromEntries(PERFUSION_MAPS.map((map, index) => [map, valuesOf(map, index)])) as PerfusionMaps;
}

export function testStroke(change: Partial<StrokeResult> = {}): StrokeResult {
  const core = Uint8Array.from({ length: VOXELS }, (_, voxel) => (voxel % 11 === 1 ? 1 : 0));
  const hypoperfused = Uint8Array.from({ length: VOXELS }, (_, voxel) => (voxel % 11 < 4 ? 1 : 0));
  const ml = (mask: Uint8Array) => mask.reduce((sum, voxel) => sum + voxel, 0) * VOXEL_ML;
  return {
    core,
    hypoperfused,
    coreMl: ml(core),
    hypoperfusedMl: ml(hypoperfused),
    mismatchMl: ml(hypoperfused) - ml(core),
    mismatchRatio: ml(hypoperfused) / ml(core),
    hypoperfusionIntensityRatio: 1 / 3,
    rules: {
      method: { name: 'csvd', truncation: 0.1 },
      coreFlowPart: 0.3,
      coreReference: 'the median CBF of the same tissue on the other side',
      hypoperfusionTmaxS: 6,
      severeTmaxS: 10,
      leastMl: 0.1 + 0.2,
      further: ['Islands below 1 mL do not count'],
    },
    ...change,
  };
}

/** Without a core and without hypoperfusion. */
export function noStroke(): StrokeResult {
  return testStroke({
    core: new Uint8Array(VOXELS),
    hypoperfused: new Uint8Array(VOXELS),
    coreMl: 0,
    hypoperfusedMl: 0,
    mismatchMl: 0,
    mismatchRatio: null,
    hypoperfusionIntensityRatio: null,
  });
}

const statistics = (mean: number) => ({
  voxels: 12,
  mean,
  standardDeviation: mean / 7,
  median: mean * 1.01,
  minimum: mean / 3,
  maximum: mean * 3,
});

export const TEST_REGION: RegionStatistics = {
  name: 'Region 1',
  voxels: 12,
  volumeMl: 12 * VOXEL_ML,
  maps: {
    CBF: statistics(23.4),
    CBV: statistics(2.3),
    MTT: statistics(5.9),
    Tmax: statistics(4.1),
    TTP: statistics(9),
  },
  mirrored: { voxels: 11, volumeMl: 11 * VOXEL_ML, maps: { CBF: statistics(55.5), CBV: statistics(3.1) } },
};

const bump = (peakS: number, height: number) =>
  Float64Array.from({ length: TIME_POINTS }, (_, t) => height * Math.exp(-((1.5 * t - peakS) ** 2) / 3));

export function testResult(change: Partial<PerfusionResult> = {}): PerfusionResult {
  return {
    maps: testMaps(),
    dimensions: DIMENSIONS,
    spacingMm: SPACING_MM,
    settings: {
      signal: { kind: 'attenuation' },
      timePoints: TIME_POINTS,
      intervalS: 1.5,
      isResampled: false,
      baseline: [0, 2],
      smoothing: { temporalSigmaS: 0, spatialSigmaMm: 2 },
      method: { name: 'lr', maximumIterations: 200, noiseFactor: 1.05 },
      constants: ABSOLUTE_CONSTANTS,
      aif: { voxels: [10, 11, 75], chosenBy: 'automatic', scale: 1.2345678901234 },
      vof: { voxels: [200], chosenBy: 'reader' },
      maskVoxels: VOXELS - Math.ceil(VOXELS / 5),
    },
    display: {
      colorMap: 'viridis',
      ranges: Object.fromEntries(PERFUSION_MAPS.map(map => [map, MAP_DISPLAYS[map].range])) as Record<
        PerfusionMap,
        readonly [number, number]
      >,
    },
    curves: {
      timesS: Float64Array.from({ length: TIME_POINTS }, (_, t) => 1.5 * t),
      curves: [
        { kind: 'aif', name: 'AIF', values: bump(3, 300) },
        { kind: 'vof', name: 'VOF', values: bump(5, 400) },
        { kind: 'tissue', name: 'Region 1', values: bump(6, 9) },
        { kind: 'mirrored', name: 'Region 1 mirrored', values: bump(4.5, 15) },
      ],
    },
    stroke: testStroke(),
    regions: [TEST_REGION],
    run: { producer: 'wasm', milliseconds: 812.25, notes: ['WebGL2 is not available'] },
    timingsMs: { stroke: 45.5 },
    warnings: ['The AIF has not returned to its baseline; the bolus may be truncated.'],
    notes: ['Voxels of 2 to 80 HU are brain.'],
    software: { name: 'Voxelwise perfusion', version: '9.9.9' },
    ...change,
  };
}

/** Decimal strings of an oblique series, which no rounding may touch. */
export const OBLIQUE = {
  ImageOrientationPatient: [
    '0.9961946981',
    '0.0871557427',
    '-0.000000001',
    '-0.08583165',
    '0.981060262',
    '0.1736481777',
  ],
  PixelSpacing: ['1.250', '0.7500'],
} as const;

/** Images of the series: by time point, then slice. */
export function testImages(attributes: DataSet = {}): Uint8Array[][] {
  const [columns, rows, slices] = DIMENSIONS;
  const [rx, ry, rz, cx, cy, cz] = OBLIQUE.ImageOrientationPatient.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const normal = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx] as const;
  return Array.from({ length: TIME_POINTS }, (_, time) =>
    Array.from({ length: slices }, (_, slice) =>
      writePart10({
        SpecificCharacterSet: 'ISO_IR 100',
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
        SOPInstanceUID: `2.25.100.${time + 1}.${slice + 1}`,
        StudyInstanceUID: '2.25.99',
        SeriesInstanceUID: '2.25.100',
        FrameOfReferenceUID: '2.25.98',
        PositionReferenceIndicator: '',
        Modality: 'CT',
        PatientName: 'Müller^Jörg',
        PatientID: 'P-1',
        PatientBirthDate: '19600229',
        PatientSex: 'M',
        StudyID: '7',
        StudyDate: '20250115',
        StudyTime: '101500',
        AccessionNumber: 'A-1',
        ReferringPhysicianName: '',
        Manufacturer: 'Test Works',
        ImagePositionPatient: [-10.5, -20, 100].map((mm, axis) =>
          (mm + SPACING_MM[2] * slice * normal[axis]!).toFixed(6),
        ),
        ImageOrientationPatient: [...OBLIQUE.ImageOrientationPatient],
        PixelSpacing: [...OBLIQUE.PixelSpacing],
        SliceThickness: SPACING_MM[2],
        Rows: rows,
        Columns: columns,
        InstanceNumber: time * slices + slice + 1,
        ...attributes,
      }),
    ),
  );
}

/** The source of results: the images of time point 2, and for every slice those of the others. */
export function testSource(attributes: DataSet = {}) {
  const ofTime = testImages(attributes).map(files => sourceFromFiles(files));
  const source = ofTime[2]!;
  const others = ofTime.filter(one => one !== source);
  return { source, furtherImages: source.slices.map((_, slice) => others.map(({ slices }) => slices[slice]!)) };
}

/** The same series as one enhanced multi-frame image, as a viewer holds it: all slices of a time point, then the next. */
export function testMultiFrame() {
  const [, , slices] = DIMENSIONS;
  const images = testImages().flatMap(files => files.map(file => readPart10(file).dataSet));
  const [first] = images;
  const { ImagePositionPatient: _, ImageOrientationPatient, PixelSpacing, SliceThickness, ...common } = first!;
  const instance: NaturalDataSet = {
    ...common,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2.1',
    SOPInstanceUID: '2.25.100.7',
    NumberOfFrames: images.length,
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient }],
        PixelMeasuresSequence: [{ PixelSpacing, SliceThickness }],
      },
    ],
    PerFrameFunctionalGroupsSequence: images.map(({ ImagePositionPatient }) => ({
      PlanePositionSequence: [{ ImagePositionPatient }],
    })),
  };
  const framesOf = (time: number) =>
    Array.from({ length: slices }, (_unused, slice) => ({ instance, frame: time * slices + slice + 1 }));
  const source = sourceFromFrames(framesOf(2));
  const others = [0, 1, 3, 4, 5].map(time => sourceFromFrames(framesOf(time)).slices);
  return { source, furtherImages: source.slices.map((_unused, slice) => others.map(images => images[slice]!)) };
}

/** What the headers of the images say. */
export const TEST_HEADERS: Readonly<Record<string, string>> = {
  PatientName: 'Müller^Jörg',
  PatientID: 'P-1',
  PatientBirthDate: '19600229',
  PatientSex: 'M',
  StudyDate: '20250115',
  StudyTime: '101500',
  StudyDescription: 'CT brain perfusion',
  StudyInstanceUID: '2.25.99',
  SeriesInstanceUID: '2.25.100',
  SeriesDescription: 'CTP 5.0',
  Modality: 'CT',
  Manufacturer: 'Test Works',
  ManufacturerModelName: 'CT 1',
  KVP: '80',
  XRayTubeCurrent: '150',
  SliceThickness: '5',
  ImageOrientationPatient: '1\\0\\0\\0\\1\\0',
  InstitutionName: 'University Hospital',
  AccessionNumber: 'A-1',
};
