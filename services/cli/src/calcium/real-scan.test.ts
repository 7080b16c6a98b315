import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiscRegion } from '@voxelwise/calcium/core';
import { readCalciumReport } from '@voxelwise/calcium/results';
import { dciodvfyErrors, hasDciodvfy, hasPythonReferees } from '../../../../e2e/referees/referees.ts';
import { temporaryFolders } from '../testing/ct-series.test-support.ts';
import { expectRefereeAgrees } from '../testing/referee.test-support.ts';
import { type Span, segmentationFiles, sourceOf } from '../testing/segmentation.test-support.ts';
import type { CalciumResult } from './result.ts';

/** The program as a user starts it. */
const PROGRAM = join(__dirname, '../../bin/voxelwise.mjs');
/** A real scan of the QRM cardiac calcification insert, with published scores; beside the repository. */
const PHANTOM = join(__dirname, '../../../../../shared/data/calcium/qrm-phantom');

jest.setTimeout(120_000);
const newFolder = temporaryFolders();
const newSegmentation = segmentationFiles();

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

const read = (file: string): unknown => JSON.parse(readFileSync(join(PHANTOM, file), 'utf8'));

function voxelwise(...args: string[]): CalciumResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'calcium', ...args, '--json'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

(isHere ? test : test.skip)('every insert of the QRM phantom agrees with its published scores and masses', () => {
  const { inserts, massCalibrationFactor } = read('truth.json') as Truth;
  const rois = read('rois.json') as { readonly name: string }[];

  const { regions, total, series, warnings } = voxelwise(
    join(PHANTOM, 'dicom'),
    ...['--rois', join(PHANTOM, 'rois.json')],
    ...['--mass-calibration', String(massCalibrationFactor)],
  );
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

(isHere ? test : test.skip)('two discs on the rods of the QRM phantom give nearly the published calibration', () => {
  const { massCalibrationFactor } = read('truth.json') as Truth;
  const file = join(newFolder(), 'calibration.json');
  // 200 mg/cm3 of hydroxyapatite, and water; in pixels 14 and 10.
  const insert = { centre: [218, 258], radiusMm: 14 * 0.488, slice: 32 };
  const water = { centre: [176, 232], radiusMm: 10 * 0.488, slice: 32 };
  writeFileSync(file, JSON.stringify({ densityMgPerCm3: 200, insert, water }));

  const discs = ['--calibration-rois', file];
  const { convention, total } = voxelwise(join(PHANTOM, 'dicom'), '--rois', join(PHANTOM, 'rois.json'), ...discs);
  const { factorMgPerMm3Hu, origin } = convention.massCalibration!;
  expect(origin).toMatchObject({
    insertMeanHu: expect.closeTo(312.64, 2),
    waterMeanHu: expect.closeTo(36.53, 2),
    rois: { insert: { imageName: 'image 15' }, water: { imageName: 'image 15' } },
  });
  expect(factorMgPerMm3Hu).toBeCloseTo(0.2 / (312.64 - 36.53), 6);
  expect(Math.abs((1000 * factorMgPerMm3Hu) / massCalibrationFactor - 1)).toBeLessThan(0.004);
  expect(total.massMg).toBeGreaterThan(200);
});

/** Voxels whose centers lie in a disc. */
function spansOf({ centre: [row, column], radiusMm, slices: [first, last] }: DiscRegion, pixelMm: number): Span[] {
  const spans: Span[] = [];
  const radius = radiusMm / pixelMm;
  for (let slice = first; slice <= last; slice++) {
    for (let y = Math.ceil(row - radius); y <= row + radius; y++) {
      const half = Math.sqrt(radius ** 2 - (y - row) ** 2);
      const [from, to] = [Math.ceil(column - half), Math.floor(column + half) + 1];
      if (from < to) spans.push([slice, y, from, to]);
    }
  }
  return spans;
}

(isHere ? test : test.skip)('the inserts as vessels: stored, read back, and recomputed by another program', () => {
  const rois = read('rois.json') as DiscRegion[];
  const { inserts, massCalibrationFactor } = read('truth.json') as Truth;
  const dicom = join(PHANTOM, 'dicom');
  const segments = ['LM', 'LAD', 'LCX', 'RCA'].map((label, vessel) => ({
    label,
    spans: rois.filter((_, index) => index % 4 === vessel).flatMap(roi => spansOf(roi, 0.488)),
  }));
  const vessels = newSegmentation(sourceOf(dicom), segments);
  const [seg, sr, pdf] = ['seg', 'sr', 'pdf'].map(name => join(newFolder(), `${name}.dcm`)) as [string, string, string];
  const mass = ['--mass-calibration', String(massCalibrationFactor)];
  const result = voxelwise(dicom, '--vessels', vessels, ...mass, '--seg', seg, '--sr', sr, '--pdf', pdf);

  result.vessels!.forEach((score, vessel) => {
    const truth = rois.flatMap(({ name }, index) =>
      index % 4 === vessel ? inserts.filter(insert => insert.name === name) : [],
    );
    expect(score.agatston).toBeCloseTo(
      truth.reduce((sum, { agatston }) => sum + agatston, 0),
      3,
    );
    expect(score.volumeMm3).toBeCloseTo(
      truth.reduce((sum, { volume }) => sum + volume, 0),
      3,
    );
  });
  const report = readCalciumReport(new Uint8Array(readFileSync(sr)));
  expect(report.total).toEqual({
    score: {
      agatston: result.total.agatston,
      volumeMm3: result.total.volumeMm3,
      lesions: result.total.lesions,
      lesionSlices: result.total.lesionSlices,
    },
    massMg: result.total.massMg,
  });
  const again = voxelwise(dicom, '--vessels', seg, ...mass);
  expect([again.vessels, again.total]).toEqual([result.vessels, result.total]);
  expect(again.segmentation!.notes).toEqual([]);
  if (hasPythonReferees()) expectRefereeAgrees(result, seg, sr, dicom);
  if (hasDciodvfy()) {
    for (const path of [seg, sr, pdf]) expect(dciodvfyErrors(new Uint8Array(readFileSync(path)))).toEqual([]);
  }
});
