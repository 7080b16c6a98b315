import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dicomParser from 'dicom-parser';
import { cardiacDicomFile, firstVoxelMm } from './cardiac-dicom.ts';
import { type CardiacPhantom, cardiacPhantom, phantomVersion } from './cardiac-phantom.ts';
import { cardiacSeed } from './cardiac-study.ts';
import { ensureSamples } from './index.ts';

// generating the study takes seconds, and more on a loaded machine
jest.setTimeout(60_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxelwise-samples-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file read back gives the HU, position and identity that were written', () => {
  const phantom: CardiacPhantom = cardiacPhantom({ seed: cardiacSeed });
  const size = phantom.dimensions[0] * phantom.dimensions[1];
  const names = new Set<string>();
  const uids = new Set<string>();
  for (let slice = 0; slice < phantom.dimensions[2]; slice++) {
    const { name, bytes } = cardiacDicomFile(phantom, slice);
    const file = dicomParser.parseDicom(bytes);
    names.add(name);
    uids.add(file.string('x00080018')!);
    expect(file.string('x00020010')).toBe('1.2.840.10008.1.2.1');
    expect(file.elements.x00280120!.vr).toBe('SS');
    expect(file.int16('x00280120')).toBe(-2000);
    expect(file.floatString('x00200032', 2)).toBe(firstVoxelMm[2] + 3 * slice);
    expect(file.floatString('x00280030', 0)).toBe(phantom.spacingMm[0]);
    const pixels = file.elements.x7fe00010!;
    expect(pixels.length).toBe(size * 2);
    const view = new DataView(bytes.buffer, bytes.byteOffset + pixels.dataOffset, pixels.length);
    const intercept = file.floatString('x00281052')!;
    const slope = file.floatString('x00281053')!;
    let different = 0;
    for (let index = 0; index < size; index++) {
      if (view.getInt16(index * 2, true) * slope + intercept !== phantom.hu[slice * size + index]) different++;
    }
    expect(different).toBe(0);
  }
  expect(names.size).toBe(48);
  expect(uids.size).toBe(48);
});

test('file names are not in the order of z', () => {
  const phantom: CardiacPhantom = {
    hu: new Int16Array(4 * 4 * 48),
    dimensions: [4, 4, 48],
    spacingMm: [1, 1, 3],
    calcifications: [],
    aorticPlaque: new Int32Array(),
  };
  const names = Array.from({ length: 48 }, (_, slice) => cardiacDicomFile(phantom, slice).name);
  expect(names).not.toEqual([...names].sort());
  expect(names).not.toEqual([...names].sort().reverse());
});

test('samples are written once, complete, with their truth beside them', async () => {
  const messages: string[] = [];
  const [study] = await ensureSamples(folder, { onProgress: message => messages.push(message) });
  expect(study).toEqual({ name: 'cardiac-calcium', folder: join(folder, 'cardiac-calcium') });
  expect(messages.length).toBeGreaterThan(0);
  const files = await readdir(study!.folder);
  expect(files.filter(name => name.endsWith('.dcm'))).toHaveLength(48);
  expect(await readdir(folder)).toEqual(['cardiac-calcium', 'stroke-perfusion']);
  const truthFile = join(study!.folder, 'truth.json');
  const truth = JSON.parse(await readFile(truthFile, 'utf8'));
  expect(truth.vessels.map((vessel: { name: string }) => vessel.name)).toEqual(['LM', 'LAD', 'LCX', 'RCA']);
  const [first] = files.filter(name => name.endsWith('.dcm'));
  const read = dicomParser.parseDicom(await readFile(join(study!.folder, first!)));
  expect(read.string('x0020000d')).toBe(truth.studyInstanceUid);
  expect(read.string('x0020000e')).toBe(truth.seriesInstanceUid);

  const before = await stat(truthFile);
  const again: string[] = [];
  await ensureSamples(folder, { onProgress: message => again.push(message) });
  expect(again).toEqual([]);
  expect((await stat(truthFile)).mtimeMs).toBe(before.mtimeMs);

  await writeFile(truthFile, JSON.stringify({ ...truth, generatorVersion: phantomVersion - 1 }));
  await writeFile(join(study!.folder, 'old.dcm'), '');
  await ensureSamples(folder);
  expect(JSON.parse(await readFile(truthFile, 'utf8'))).toEqual(truth);
  expect(await readdir(study!.folder)).toHaveLength(49);
  expect(await readdir(folder)).toEqual(['cardiac-calcium', 'stroke-perfusion']);
});

test('an interrupted run leaves nothing half-written, and the next one succeeds', async () => {
  const interrupt = (message: string) => {
    if (message.startsWith('Wrote 32')) throw new Error('interrupted');
  };
  await expect(ensureSamples(folder, { onProgress: interrupt })).rejects.toThrow('interrupted');
  expect(await readdir(folder)).toEqual([]);
  // a part of a killed process: the id of one that has certainly ended
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  await mkdir(join(folder, `cardiac-calcium.part-${ended}`));
  await ensureSamples(folder);
  expect(await readdir(folder)).toEqual(['cardiac-calcium', 'stroke-perfusion']);
});
