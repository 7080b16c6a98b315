import { createHash } from 'node:crypto';
import { strokePhantom } from '@voxelwise/perfusion/phantoms';
import dicomParser from 'dicom-parser';
import { strokeDicomFile, strokeFirstVoxelMm } from './stroke-dicom.ts';
import { strokeStudy } from './stroke-study.ts';

/** SHA-256 of the bytes of the sample study's last image. When it changes, raise `strokeVersion`. */
const lastImageDigest = 'e51fcea874f3eadc3360d946a8d37f7e16ff0f6a0647e9cd316ca92640c4230e';

const phantom = strokePhantom({
  dimensions: [32, 32, 3],
  timePoints: 5,
  intervalS: 1.5,
  noiseSd: 2,
  wholeNumbers: true,
  arrivalS: 3,
});

test('files read back give the HU of the slice and time point, and only times tell these apart', () => {
  const names = new Set<string>();
  const uids = new Set<string>();
  const times = new Set<string>();
  for (let timePoint = 0; timePoint < 5; timePoint++) {
    for (let slice = 0; slice < 3; slice++) {
      const { name, bytes } = strokeDicomFile(phantom, slice, timePoint);
      const file = dicomParser.parseDicom(bytes);
      names.add(name);
      uids.add(file.string('x00080018')!);
      times.add(file.string('x00080032')!);
      expect(file.string('x00080033')).toBe(file.string('x00080032'));
      expect(file.string('x00100010')).toBe('Phantom^Stroke');
      expect(file.floatString('x00200032', 2)).toBe(strokeFirstVoxelMm(phantom)[2] + 5 * slice);
      // temporal position identifier and index, number of temporal positions, trigger time
      for (const tag of ['x00200100', 'x00209128', 'x00200105', 'x00181060'])
        expect(file.elements[tag]).toBeUndefined();
      expect(file.string('x00200012')).toBe('1');
      const pixels = file.elements.x7fe00010!;
      const view = new DataView(bytes.buffer, bytes.byteOffset + pixels.dataOffset, pixels.length);
      const intercept = file.floatString('x00281052')!;
      const first = (slice * 5 + timePoint) * 32 * 32;
      const read = Int16Array.from({ length: 32 * 32 }, (_, i) => view.getInt16(2 * i, true) + intercept);
      expect(read).toEqual(phantom.volume.voxels.subarray(first, first + 32 * 32));
    }
  }
  expect(names.size).toBe(15);
  expect(uids.size).toBe(15);
  expect([...times]).toEqual(['104000.000000', '104001.500000', '104003.000000', '104004.500000', '104006.000000']);
});

test('the sample study tells its truth, within its files', () => {
  const { instances, file, truth } = strokeStudy.generate();
  expect(instances).toBe(8 * 45);
  const lastFile = file(instances - 1).bytes;
  expect(createHash('sha256').update(lastFile).digest('hex')).toBe(lastImageDigest);
  const last = dicomParser.parseDicom(lastFile);
  expect(last.string('x0020000d')).toBe(truth.studyInstanceUid);
  expect(last.string('x00080032')).toBe('104044.000000');
  expect(new Set(Array.from({ length: instances }, (_, i) => file(i).name)).size).toBe(instances);
  const { coreMl, hypoperfusionMl, mismatchMl, mismatchRatio } = truth as Record<string, number>;
  expect(coreMl).toBeGreaterThan(50);
  expect(hypoperfusionMl).toBeCloseTo(coreMl! + mismatchMl!, 9);
  expect(hypoperfusionMl).toBeCloseTo(coreMl! * mismatchRatio!, 9);
  expect(truth.aifHu).toHaveLength(45);
});

test('a phantom of fractions is refused', () => {
  expect(() => strokeDicomFile(strokePhantom({ dimensions: [16, 16, 1], timePoints: 4 }), 0, 0)).toThrow(
    'wholeNumbers',
  );
});
