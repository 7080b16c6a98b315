import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PERFUSION_MAPS } from '@voxelwise/perfusion/core';
import { readPerfusionObjects, readPerfusionReport } from '@voxelwise/perfusion/results';
import { parse } from 'csv-parse/sync';
import { loadDynamicSeries } from '../dicom-folder/load-dynamic-series.ts';
import { readSourceImages } from '../dicom-folder/source-images.ts';
import { temporaryFolders } from '../testing/ct-series.test-support.ts';
import { asMr, writeDynamicSeries, writeEnhancedSeries } from '../testing/dynamic-series.test-support.ts';
import { JARGON, run } from '../testing/run.test-support.ts';
import type { FolderResult } from './folder-result.ts';
import { smallStroke, writeStroke } from './stroke-series.test-support.ts';

const newFolder = temporaryFolders();
const phantom = smallStroke(1);
const [nx, ny] = phantom.volume.dimensions;
let scan: string;
/** Of the scan, without options. */
let plain: FolderResult;
beforeAll(async () => {
  scan = writeStroke(newFolder(), phantom);
  plain = await perfused(scan);
}, 60_000);

async function perfused(folder: string, ...options: string[]): Promise<FolderResult> {
  const { code, out, error } = await run('perfusion', folder, '--json', ...options);
  expect({ code, error }).toEqual({ code: 0, error: '' });
  return JSON.parse(out) as FolderResult;
}

async function refusal(...args: string[]): Promise<string> {
  const { code, out, error } = await run('perfusion', ...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(error).toMatch(/^[^\n]+[.?]\n$/);
  expect(error).not.toMatch(JARGON);
  return error;
}

const settingsOf = ({ inWords: _, software: __, ...settings }: FolderResult['convention']) => settings;
const numberOf = ({ volumes }: FolderResult, name: string) =>
  volumes!.numbers.find(number => number.name === name)!.value!;

/** A disc about one voxel of an artery, smaller than its neighbors are apart. */
function arteryFile(voxel: number, content?: unknown): string {
  const path = join(newFolder(), 'aif.json');
  const slice = Math.floor(voxel / (nx * ny));
  const centre = [Math.floor(voxel / nx) % ny, voxel % nx];
  writeFileSync(path, JSON.stringify(content ?? [{ name: 'MCA', centre, radiusMm: 0.5, slices: [slice, slice] }]));
  return path;
}

test('JSON holds series, convention, vessels, maps and volumes, and nothing about the patient', () => {
  const result = plain;
  expect(Object.keys(result)).toEqual([
    ...['series', 'convention', 'aif', 'vof', 'maps', 'volumes', 'warnings', 'timing'],
  ]);
  expect(result.series).toMatchObject({
    modality: 'CT',
    slices: 6,
    rows: 64,
    isResampled: false,
    splitBy: 'AcquisitionTime',
  });
  expect(result.convention).toMatchObject({
    method: { name: 'lr', maximumIterations: 32, noiseFactor: 2 },
    constants: { hematocritFactor: 0.73, densityGPerMl: 1.04 },
    smoothing: { spatialSigmaMm: 2, temporalSigmaS: 0 },
    timePoints: 45,
    intervalS: 1,
  });
  expect(Object.keys(result.maps)).toEqual([...PERFUSION_MAPS]);
  expect(result.maps.CBF).toMatchObject({ unit: 'mL/100 g/min', voxels: expect.any(Number) });
  expect(result.timing.producer).toBe('wasm');
  expect(JSON.stringify(result)).not.toMatch(/Doe/);
});

test('the artery that is found is the true one', () => {
  const { aif } = plain;
  const peak = Math.max(...phantom.aif);
  expect(aif.chosenBy).toBe('automatic');
  expect(Math.abs(aif.peak - peak) / peak).toBeLessThan(0.1);
  expect(Math.abs(aif.arrivalS - 10)).toBeLessThanOrEqual(1);
  const voxels = aif.voxels.map(([x, y, z]) => (z * ny + y) * nx + x);
  expect(voxels.every(voxel => phantom.arteryVoxels.includes(voxel))).toBe(true);
});

test('volumes are those of the phantom, and measured on the same maps whatever the method', async () => {
  // Voxels of 3.4 mm are too large for smoothing; it takes tissue of the border into the arteries beside it.
  const quiet = writeStroke(newFolder(), smallStroke(0));
  const lr = await perfused(quiet, '--smoothing', '0');
  expect(Math.abs(numberOf(lr, 'Hypoperfusion') / phantom.hypoperfusionMl - 1)).toBeLessThan(0.1);
  expect(Math.abs(numberOf(lr, 'Core') / phantom.coreMl - 1)).toBeLessThan(0.1);
  expect(lr.volumes!.rules.method).toEqual({ name: 'csvd', truncation: 0.2 });
  const ssvd = await perfused(quiet, '--smoothing', '0', '--method', 'ssvd');
  expect(ssvd.volumes).toEqual(lr.volumes);
  expect(ssvd.maps.CBF!.mean).not.toBe(lr.maps.CBF!.mean);
  expect(ssvd.warnings.join()).toMatch(/without delay/);
});

test('hematocrit factor and density scale the flow', async () => {
  const relative = await perfused(scan, '--hematocrit-factor', '1', '--density', '1');
  expect(relative.maps.CBF!.mean / plain.maps.CBF!.mean).toBeCloseTo(1.04 / 0.73, 4);
  expect(relative.maps.CBF!.unit).toBe('mL/100 mL/min');
});

test('smoothing, scaling and iterations are as they are asked for', async () => {
  const rough = await perfused(scan, '--smoothing', '0', '--no-vof-scaling', '--iterations', '2');
  expect(rough.convention.smoothing.spatialSigmaMm).toBe(0);
  expect(rough.convention.aif.scale).toBe(1);
  expect(rough.convention.method).toMatchObject({ maximumIterations: 2 });
  expect(rough.maps.CBF!.mean).toBeLessThan(plain.maps.CBF!.mean);
});

test.each(['csvd', 'ssvd', 'tikhonov'])('%s without truncation is computed', async method => {
  const { convention } = await perfused(scan, '--method', method, '--truncation', '0');
  expect(convention.method).toEqual({ name: method, truncation: 0 });
});

test('an artery that is drawn is used', async () => {
  const voxel = phantom.arteryVoxels[0]!;
  const { aif, convention } = await perfused(scan, '--aif', arteryFile(voxel));
  expect(aif).toMatchObject({ chosenBy: 'reader' });
  expect(aif.voxels).toEqual([[voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))]]);
  expect(convention.aif).toMatchObject({ voxels: [voxel], chosenBy: 'reader' });
  expect(await perfused(scan, '--aif', 'auto')).toMatchObject({ aif: { chosenBy: 'automatic' } });
});

test('text names series, maps with units, volumes with rules and the convention', async () => {
  const { code, out } = await run('perfusion', scan);
  expect(code).toBe(0);
  expect(out).toMatch(/^Series {6}Perfusion test, CT/);
  expect(out).toMatch(/CBF, cerebral blood flow +\d+\.\d +\d+\.\d +\d+\.\d +mL\/100 g\/min/);
  expect(out).toMatch(/Core +\d+\.\d mL {2}CBF < 30 % of the same tissue on the other side/);
  expect(out).toMatch(/Deconvolution: Lucy-Richardson/);
  expect(out).toMatch(/Not for diagnostic use\.\n$/);
});

test('the table has a row per map and volume, each with its convention', async () => {
  const path = join(newFolder(), 'table.csv');
  expect(await run('perfusion', scan, '--csv', path)).toMatchObject({ code: 0, out: '' });
  const rows = parse(readFileSync(path, 'utf8'), { columns: true }) as Record<string, string>[];
  expect(rows.map(({ name }) => name).slice(0, 8)).toEqual([...PERFUSION_MAPS, 'Core', 'Hypoperfusion', 'Mismatch']);
  const { maps } = plain;
  expect(Number(rows[0]!.value)).toBe(maps.CBF!.mean);
  expect(rows.every(({ convention, method }) => convention !== '' && method !== '')).toBe(true);
  expect(await refusal(scan, '--csv', path)).toMatch(/exists already/);
});

test('DICOM objects are written, and maps read back are those that were printed', async () => {
  const folder = join(newFolder(), 'out');
  const printed = await perfused(scan, '--dicom', folder);
  const { files, maps, convention } = printed;
  expect(readdirSync(folder).sort()).toEqual(
    [...PERFUSION_MAPS, 'segmentation', 'report', 'pdf'].map(name => `${name}.dcm`).sort(),
  );
  expect(files!.map(({ kind }) => kind)).toEqual([...PERFUSION_MAPS, 'segmentation', 'report', 'pdf']);
  const bytesOf = (kind: string) => readFileSync(join(folder, `${kind}.dcm`));
  const { headers } = await loadDynamicSeries(scan);
  const { source } = await readSourceImages(headers);
  const reopened = readPerfusionObjects(
    readPerfusionReport(bytesOf('report')),
    { maps: PERFUSION_MAPS.map(bytesOf), segmentation: bytesOf('segmentation') },
    source,
  );
  for (const map of PERFUSION_MAPS) {
    const values = reopened.maps[map].filter(Number.isFinite);
    expect(values).toContain(maps[map]!.maximum);
    expect(values).toContain(maps[map]!.minimum);
  }
  expect(reopened.settings).toEqual(settingsOf(convention));
  expect(reopened.stroke!.coreMl).toBe(numberOf(printed, 'Core'));
  expect(await refusal(scan, '--dicom', folder)).toMatch(/exists already/);
  expect((await perfused(scan, '--dicom', folder, '--force')).files).toHaveLength(8);
});

describe('what allows no maps is refused in one sentence, and nothing is written', () => {
  test('regions of the artery that are none', async () => {
    const out = join(newFolder(), 'out');
    const air = arteryFile(0, [{ name: 'air', centre: [1, 1], radiusMm: 3, slices: [0, 0] }]);
    expect(await refusal(scan, '--aif', air, '--dicom', out)).toMatch(/No contrast agent passes|no contrast/i);
    expect(existsSync(out)).toBe(false);
    const between = arteryFile(0, [{ name: 'x', centre: [10.5, 10.5], radiusMm: 0.5, slices: [0, 0] }]);
    expect(await refusal(scan, '--aif', between)).toMatch(/No voxel has its center/);
    expect(await refusal(scan, '--aif', arteryFile(0, {}))).toMatch(/must hold a list .*"name": "MCA"/);
    const nothing = join(newFolder(), 'aif.json');
    writeFileSync(nothing, 'null');
    expect(await refusal(scan, '--aif', nothing)).toMatch(/must hold a list/);
    expect(await refusal(scan, '--aif', '/nowhere/aif.json')).toMatch(/cannot be read \(ENOENT\)/);
  });

  test('regions of the artery in the air of MR images, which have no signal', async () => {
    const mr = writeDynamicSeries(newFolder(), {
      ...{ timePoints: 45, slices: 6, size: 64, intervalS: 1, changesOf: t => asMr(t, 1) },
      valueAt: (t, z, y, x) => {
        const at = (time: number) => phantom.volume.voxels[((z * 45 + time) * 64 + y) * 64 + x]!;
        if (at(0) < -50) return 0;
        return at(0) > 200 ? 5 : Math.round(800 * Math.exp(-0.004 * (at(t) - at(0))));
      },
      changes: { '00280030': ['DS', '3.4375\\3.4375'] },
    });
    const air = arteryFile(0, [{ name: 'air', centre: [1, 1], radiusMm: 6, slices: [0, 0] }]);
    expect(await refusal(mr, '--aif', air)).toMatch(/No contrast agent passes the \d+ voxels/);
  });

  test('a series in which no bolus passes', async () => {
    const still = writeDynamicSeries(newFolder(), {
      ...{ timePoints: 20, slices: 6, size: 64 },
      valueAt: (_, z, y, x) => phantom.volume.voxels[(z * 45 * 64 + y) * 64 + x]!,
      changes: { '00280030': ['DS', '3.4375\\3.4375'] },
    });
    expect(await refusal(still)).toMatch(/no contrast agent passes/);
  });

  test('air alone', async () => {
    const air = writeDynamicSeries(newFolder(), { timePoints: 20, slices: 3, size: 16, valueAt: () => -1000 });
    expect(await refusal(air)).toMatch(/No brain was found/);
  });

  test('a series that ends before the bolus does', async () => {
    expect(await refusal(writeStroke(newFolder(), phantom, 9))).toMatch(/time points|does not rise|no contrast agent/);
  });

  test('nine time points, of which a bolus passes in some', async () => {
    const sparse = writeDynamicSeries(newFolder(), {
      ...{ timePoints: 9, slices: 6, size: 64, intervalS: 4 },
      valueAt: (t, z, y, x) => phantom.volume.voxels[((z * 45 + 4 * t) * 64 + y) * 64 + x]!,
      changes: { '00280030': ['DS', '3.4375\\3.4375'] },
    });
    expect(await refusal(sparse)).toMatch(/^The series has 9 time points, and at least 10/);
  });

  test('four time points', async () => {
    expect(await refusal(writeStroke(newFolder(), phantom, 4))).toMatch(/4 time points/);
  });

  test('frames of one image, where results are to be written', async () => {
    const enhanced = writeEnhancedSeries(newFolder(), { timePoints: 12, slices: 3, size: 16 }, 36);
    expect(await refusal(enhanced, '--dicom', join(newFolder(), 'out'))).toMatch(/frames of one image/);
  });

  test('places that cannot be written to', async () => {
    const taken = join(newFolder(), 'file');
    writeFileSync(taken, '');
    expect(await refusal(scan, '--dicom', taken)).toMatch(/is a file/);
    expect(await refusal(scan, '--dicom', '/nowhere/out')).toMatch(/cannot be made/);
    // Linux has a folder in which nobody can make another one.
    if (existsSync('/proc/self')) expect(await refusal(scan, '--dicom', '/proc/out')).toMatch(/cannot be made/);
    const filled = newFolder();
    mkdirSync(join(filled, 'CBF.dcm'));
    expect(await refusal(scan, '--dicom', filled)).toMatch(/is a folder/);
  });

  test.each<[string[], RegExp]>([
    [['a', 'b'], /"b" is a second one/],
    [['a', '--smoothing', '-1'], /--smoothing must be/],
    [['a', '--smoothing', '50'], /--smoothing must be/],
    [['a', '--json', '--csv', 'b'], /give one of them/],
    [['a', '--force'], /--force needs --csv or --dicom/],
    [['--curves', 'a', '--dicom', 'b'], /--dicom belongs to the series of a folder/],
    [['/nowhere/scan'], /\/nowhere\/scan/],
  ])('%j', async (args, sentence) => {
    expect(await refusal(...args)).toMatch(sentence);
  });
});
