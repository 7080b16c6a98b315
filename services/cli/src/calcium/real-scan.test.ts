import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CalciumResult } from './result.ts';

/** The program as a user starts it. */
const PROGRAM = join(__dirname, '../../bin/voxelwise.mjs');
/** A real scan of the QRM cardiac calcification insert, with published scores; beside the repository. */
const PHANTOM = join(__dirname, '../../../../../shared/data/calcium/qrm-phantom');

interface Truth {
  /** In mg/cm3 per HU. */
  readonly massCalibrationFactor: number;
  readonly inserts: readonly {
    readonly name: string;
    readonly agatston: number;
    readonly volume: number;
    readonly mass: number;
  }[];
}

const isHere = existsSync(PHANTOM);
if (!isHere && process.env.CI) {
  throw new Error('CI is set, but the test data ../shared/data/calcium/qrm-phantom is missing.');
}
if (!isHere) console.warn('Skipped: ../shared/data/calcium/qrm-phantom is not here.');

(isHere ? test : test.skip)('every insert of the QRM phantom agrees with its published scores and masses', () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(PHANTOM, file), 'utf8'));
  const { inserts, massCalibrationFactor } = read('truth.json') as Truth;
  const rois = read('rois.json') as { readonly name: string }[];

  const files = [join(PHANTOM, 'dicom'), '--rois', join(PHANTOM, 'rois.json')];
  const args = ['calcium', ...files, '--mass-calibration', String(massCalibrationFactor), '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });

  const { regions, total, series, warnings } = JSON.parse(stdout) as CalciumResult;
  expect(series).toMatchObject({ slices: 47, incrementMm: 3, spacingMm: [0.488, 0.488] });
  expect(warnings).toEqual([expect.stringMatching(/^ECG gating not recorded/)]); // nobody gates a phantom
  expect(regions.map(({ name }) => name)).toEqual(rois.map(({ name }) => name));
  for (const region of regions) {
    const truth = inserts.find(insert => insert.name === region.name)!;
    expect(Math.abs(region.agatston - truth.agatston)).toBeLessThan(0.001);
    expect(Math.abs(region.volumeMm3 - truth.volume)).toBeLessThan(0.001);
    expect(Math.abs(region.massMg! / truth.mass - 1)).toBeLessThan(0.001);
  }
  expect(Math.abs(total.agatston - 966.626)).toBeLessThan(0.001);
  expect(Math.abs(total.massMg! - inserts.reduce((sum, { mass }) => sum + mass, 0))).toBeLessThan(0.01);
  expect(total.category).toEqual({ label: 'Severe', range: '> 400' });
});
