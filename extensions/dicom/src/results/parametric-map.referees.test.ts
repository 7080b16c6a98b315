import { readFileSync } from 'node:fs';
import {
  dciodvfyErrors,
  hasDciodvfy,
  hasPythonReferees,
  runReferee,
  temporaryFiles,
} from '../../../../e2e/referees/referees.ts';
import { dcm, sct, ucum } from './codes.ts';
import { type ParametricMapOptions, writeParametricMap } from './parametric-map.ts';
import { readParametricMap } from './parametric-map-reader.ts';
import { readPart10 } from './read-part10.ts';
import { sourceBytes, TEST_SOFTWARE, testSlices, testSource } from './results.test-support.ts';
import { sourceFromFiles } from './source.ts';
import { writePart10 } from './write-part10.ts';

const withDciodvfy = hasDciodvfy() ? test : test.skip;
const withPython = hasPythonReferees() ? test : test.skip;
const fileOf = temporaryFiles();

const SIZE = { count: 4, rows: 9, columns: 13 };
const LENGTH = SIZE.count * SIZE.rows * SIZE.columns;
const FRAME = SIZE.rows * SIZE.columns;
const MAP = {
  dimensions: [SIZE.columns, SIZE.rows, SIZE.count],
  quantity: dcm('126390', 'Absolute Regional Blood Flow'),
  units: ucum('ml/(100.g)/min'),
  label: 'CBF',
  explanation: 'Cerebral blood flow',
  displayRange: [0, 80],
} as const;
const options: ParametricMapOptions = {
  seriesNumber: 1001,
  software: TEST_SOFTWARE,
  anatomicRegion: sct('12738006', 'Brain'),
  methods: [dcm('126311', 'Singular Value Decomposition (SVD) deconvolution')],
  derivation: dcm('129104', 'Perfusion image analysis'),
  derivationDescription: 'oSVD, oscillation index 0.095',
};
const bits = (values: Float32Array) => Array.from(new Uint32Array(values.slice().buffer));
const floatsOf = (base64: string) => new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);

withDciodvfy('dciodvfy finds no error', () => {
  const name = sourceBytes([0xc4, 0xe9, 0xef, 0xed]);
  const source = testSource({ ...SIZE, attributes: { SpecificCharacterSet: 'ISO_IR 126', PatientName: name } });
  const voxels = new Float32Array(LENGTH).fill(1).with(0, Number.NaN);
  const further = source.slices.map(slice => [{ ...slice, sopInstanceUid: '2.25.7', seriesInstanceUid: '2.25.8' }]);
  for (const more of [{}, { bodyPartExamined: 'BRAIN' }, { furtherImages: further, isRecognizable: false }]) {
    expect(dciodvfyErrors(writeParametricMap(source, { ...MAP, voxels }, { ...options, ...more }).bytes)).toEqual([]);
  }
  // That it can find one: a map without its mapping.
  const { dataSet } = readPart10(writeParametricMap(source, { ...MAP, voxels }, options).bytes);
  const broken = { ...dataSet, SharedFunctionalGroupsSequence: [] };
  expect(dciodvfyErrors(writePart10(broken)).length).toBeGreaterThan(0);
});

withPython('highdicom and pydicom read the same values, frame by frame, with their meaning', () => {
  const voxels = Float32Array.from({ length: LENGTH }, (_, index) => Math.floor(index / FRAME) * 10 + index / 3);
  voxels[5] = Number.NaN;
  voxels[6] = -1e-40;
  const source = testSource({ ...SIZE, attributes: { PatientName: 'Wang^XiaoDong', PatientID: 'P-17' } });
  const { bytes } = writeParametricMap(source, { ...MAP, voxels }, options);
  const read = runReferee('read_parametric_map.py', fileOf('ours.dcm', bytes)) as Record<string, string>;
  expect(bits(floatsOf(read.stored!))).toEqual(bits(voxels));
  expect(Array.from(floatsOf(read.real!)).slice(7)).toEqual(Array.from(voxels).slice(7));
  expect(read).toMatchObject({
    shape: [SIZE.count, SIZE.rows, SIZE.columns],
    label: 'CBF',
    units: ['ml/(100.g)/min', 'UCUM'],
    quantity: ['126390', 'DCM'],
    positions: source.slices.map(({ position }) => position),
    sources: source.slices.map(({ sopInstanceUid }) => sopInstanceUid),
    patientName: 'Wang^XiaoDong',
  });
});

/** A map that highdicom writes on the slices, as a file, and what the script prints of it. */
function theirs(kind: string) {
  const files = testSlices(SIZE).map((bytes, index) => ({ bytes, path: fileOf(`slice${index}.dcm`, bytes) }));
  const output = fileOf(`theirs-${kind}.dcm`, '');
  const paths = files.map(({ path }) => path);
  const { real } = runReferee('write_parametric_map.py', output, kind, ...paths) as { real: string };
  return {
    file: new Uint8Array(readFileSync(output)),
    expected: new Float64Array(Uint8Array.from(Buffer.from(real, 'base64')).buffer),
    slices: sourceFromFiles(files.map(({ bytes }) => bytes)).slices,
  };
}

withPython(
  'frames of highdicom with a scale and a range each are read by their own; two quantities are refused',
  () => {
    const { file, expected } = theirs('scales');
    const { voxels, dimensions } = readParametricMap(file);
    expect(dimensions).toEqual([SIZE.columns, SIZE.rows, 2 * SIZE.count]);
    expect(voxels).toEqual(expected);
    expect(() => readParametricMap(theirs('quantities').file)).toThrow(/holds several quantities/);
  },
);

withPython.each(['float32', 'float64', 'uint16', 'pieces'])(
  'a map of %s that highdicom wrote is read to the bit',
  kind => {
    const { file, expected, slices } = theirs(kind);
    const stored = readParametricMap(file);
    expect(stored.voxels).toBeInstanceOf(kind === 'float32' ? Float32Array : Float64Array);
    expect(stored).toMatchObject({
      dimensions: [SIZE.columns, SIZE.rows, SIZE.count],
      label: kind === 'pieces' ? 'low' : 'MTT',
      units: { value: 's', scheme: 'UCUM' },
      quantity: { value: '113052', scheme: 'DCM' },
      displayRange: [0, 10],
    });
    // highdicom orders frames by their place, not by the order of the sources.
    stored.frames.forEach(({ sourceSopInstanceUids, position }, frame) => {
      const slice = slices.findIndex(({ sopInstanceUid }) => sopInstanceUid === sourceSopInstanceUids[0]);
      expect(position).toEqual(slices[slice]?.position);
      expect(Array.from(stored.voxels.slice(frame * FRAME, (frame + 1) * FRAME))).toEqual(
        Array.from(expected.slice(slice * FRAME, (slice + 1) * FRAME)),
      );
    });
  },
);
