import {
  dciodvfyErrors,
  hasDciodvfy,
  hasPythonReferees,
  runReferee,
  temporaryFiles,
} from '../../../../../e2e/referees/referees.ts';
import { PERFUSION_MAPS } from '../../core/index.ts';
import { noStroke, testMultiFrame, testResult, testSource } from '../perfusion-result.test-support.ts';
import { perfusionResultObjects, storablePerfusionObjects } from './result-objects.ts';
import { maskOfVoxels, runsOfMask } from './voxel-runs.ts';

const withDciodvfy = hasDciodvfy() ? test : test.skip;
const withPython = hasPythonReferees() ? test : test.skip;
const fileOf = temporaryFiles();

const { source, furtherImages } = testSource();
const options = { takenSeriesNumbers: [1], furtherImages, readerName: 'Doe^Jane' };
const floatsOf = (base64: string) => new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
const bits = (values: Float32Array) => Array.from(new Uint32Array(values.slice().buffer));

withDciodvfy('dciodvfy finds no error in any object', () => {
  const { settings } = testResult();
  const results = [
    testResult(),
    testResult({ stroke: noStroke(), warnings: [] }),
    testResult({
      stroke: null,
      regions: [],
      settings: { ...settings, vof: null, method: { name: 'csvd', truncation: 0.1 } },
    }),
  ];
  for (const result of results) {
    for (const { name, bytes } of storablePerfusionObjects(perfusionResultObjects(source, result, options))) {
      expect([name, ...dciodvfyErrors(bytes)]).toEqual([name]);
    }
  }
  const multi = testMultiFrame();
  const ofFrames = perfusionResultObjects(multi.source, testResult(), {
    ...options,
    furtherImages: multi.furtherImages,
  });
  for (const { name, bytes } of storablePerfusionObjects(ofFrames)) {
    expect([name, ...dciodvfyErrors(bytes)]).toEqual([name]);
  }
});

withPython('highdicom and pydicom read every map to the bit, with its meaning', () => {
  const result = testResult();
  const { maps } = perfusionResultObjects(source, result, options);
  const expected = {
    CBF: ['ml/(100.g)/min', '126390'],
    CBV: ['ml/(100.g)', '126391'],
    MTT: ['s', '113052'],
    Tmax: ['s', '113084'],
    TTP: ['s', '113069'],
  };
  for (const map of PERFUSION_MAPS) {
    const read = runReferee('read_parametric_map.py', fileOf(`${map}.dcm`, maps[map].bytes)) as Record<string, string>;
    const [unit, quantity] = expected[map];
    expect(bits(floatsOf(read.stored!))).toEqual(bits(result.maps[map]));
    expect(Array.from(floatsOf(read.real!))).toEqual(Array.from(result.maps[map]));
    expect(read).toMatchObject({
      shape: [4, 7, 9],
      label: map,
      units: [unit, 'UCUM'],
      quantity: [quantity, 'DCM'],
      positions: source.slices.map(({ position }) => position),
      patientName: 'Müller^Jörg',
    });
    expect(new Set(read.sources)).toEqual(
      new Set([...source.slices, ...furtherImages.flat()].map(({ sopInstanceUid }) => sopInstanceUid)),
    );
  }
});

withPython('highdicom reads the same voxels of core, hypoperfusion, AIF and VOF', () => {
  const { stroke, settings, dimensions } = testResult();
  const [columns, rows, slices] = dimensions;
  const { segmentation } = perfusionResultObjects(source, testResult(), options);
  const masks = [
    stroke!.core,
    stroke!.hypoperfused,
    maskOfVoxels(settings.aif.voxels, columns * rows * slices),
    maskOfVoxels(settings.vof!.voxels, columns * rows * slices),
  ];
  const expected = masks.map(mask => {
    const { row, start, end } = runsOfMask(mask, columns);
    const bySlice: Record<string, number[][]> = {};
    row.forEach((at, run) => {
      const uid = source.slices[Math.floor(at / rows)]!.sopInstanceUid;
      bySlice[uid] = [...(bySlice[uid] ?? []), [at % rows, start[run]!, end[run]!]];
    });
    return bySlice;
  });
  const read = runReferee('read_segmentation.py', fileOf('segmentation.dcm', segmentation.bytes)) as {
    segments: { label: string; type: string[]; algorithmType: string; voxels: unknown }[];
  };
  expect(read.segments.map(({ label, type, algorithmType }) => [label, type[2], algorithmType])).toEqual([
    ['Core', 'Perfusion', 'AUTOMATIC'],
    ['Hypoperfusion', 'Perfusion', 'AUTOMATIC'],
    ['AIF', 'Artery', 'AUTOMATIC'],
    ['VOF', 'Vein', 'SEMIAUTOMATIC'],
  ]);
  expect(read.segments.map(({ voxels }) => voxels)).toEqual(expected);
});

withPython('highdicom reads the same volumes, ratios and means in the report, and all that they rest on', () => {
  const { stroke } = testResult();
  const objects = perfusionResultObjects(source, testResult(), options);
  const read = runReferee('read_report.py', fileOf('report.dcm', objects.report.bytes)) as {
    evidence: string[];
    procedures: string[][];
    groups: {
      trackingId: string;
      measurements: { name: string[]; double: number; unit: string[]; derivation: string[] | null }[];
    }[];
  };
  const numbersOf = (id: string) =>
    read.groups
      .find(({ trackingId }) => trackingId === id)!
      .measurements.map(({ name, double, unit, derivation }) => [name[2], double, unit[0], derivation?.[2]]);
  expect(read.procedures).toEqual([['39142-5', 'LN', 'CT perfusion head with contrast IV']]);
  expect(numbersOf('Perfusion Core')).toEqual([['Volume', stroke!.coreMl, 'ml', undefined]]);
  expect(numbersOf('Perfusion Hypoperfusion')).toEqual([['Volume', stroke!.hypoperfusedMl, 'ml', undefined]]);
  expect(numbersOf('Perfusion mismatch')).toEqual([
    ['Volume', stroke!.mismatchMl, 'ml', undefined],
    ['Ratio of hypoperfused volume to core volume', stroke!.mismatchRatio, '1', undefined],
    ['Hypoperfusion intensity ratio', 1 / 3, '1', undefined],
  ]);
  expect(numbersOf('Region 1 mirrored')[1]).toEqual(['Absolute Regional Blood Flow', 55.5, 'ml/(100.g)/min', 'Mean']);
  for (const { sopInstanceUid } of [...Object.values(objects.maps), objects.segmentation]) {
    expect(read.evidence).toContain(sopInstanceUid);
  }
});
