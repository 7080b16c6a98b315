import { thresholdMask } from '@voxelwise/compute/twins';
import { sourceFromInstances } from '@voxelwise/dicom';
import { forSeeds, integer, type Random, randomVolume } from '../core/calcium.test-support.ts';
import { LABELS, randomEdits } from '../core/editing/editing.test-support.ts';
import {
  applyEdits,
  type Convention,
  DEFAULT_CONVENTION,
  describeConvention,
  enteredCalibration,
  findLesions,
  type HeartRegion,
  type HuVolume,
  maskInRegion,
  scoreVessels,
  voxelsOfLabel,
} from '../core/index.ts';
import { readCalciumReport, writeCalciumObjects } from '../results/dicom/index.ts';
import type { CtSeries } from './ct-series.ts';
import { resultToStore, storedResult } from './result-objects.ts';
import { differenceInSums, vesselSums } from './saved-result.ts';
import type { CalciumState } from './state.ts';

const CALIBRATION = enteredCalibration({ factor: 0.78, unit: 'mg/cm3/HU', date: '2026-01-31', text: 'für 120 kV' });
const NOW = new Date('2026-03-04T05:06:07.089Z');

/** A volume as the viewer's slices, without its pixels. */
function seriesOf({ dimensions, spacingMm }: HuVolume): CtSeries {
  const [columns, rows, slices] = dimensions;
  const [dx, dy, dz] = spacingMm;
  const instances = Array.from({ length: slices }, (_, slice) => ({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: `1.2.3.${slice}`,
    SeriesInstanceUID: '1.2.3',
    StudyInstanceUID: '1.2',
    FrameOfReferenceUID: '1.4',
    Modality: 'CT',
    PatientName: 'Müller^Jörg',
    PatientID: 'P-1',
    Rows: rows,
    Columns: columns,
    PixelSpacing: [dy, dx],
    SliceThickness: dz,
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    ImagePositionPatient: [-80.5, -70.25, 12 + slice * dz],
  }));
  return { dimensions, spacingMm, loaded: { instances } } as unknown as CtSeries;
}

function lesionsIn(volume: HuVolume, convention: Convention, region: HeartRegion | null) {
  const mask = thresholdMask(volume, convention.thresholdHu);
  return findLesions(region ? maskInRegion(mask, volume, region) : mask, volume, convention);
}

/** A reader's work on a random volume, as objects and as the viewer has it. */
function randomResult(random: Random) {
  const volume = randomVolume(random, [integer(random, 6, 40), integer(random, 6, 16), integer(random, 1, 4)], 0.3);
  const [nx, ny, nz] = volume.dimensions;
  const convention: Convention = {
    ...DEFAULT_CONVENTION,
    thresholdHu: 120 + random() * 60,
    connectivity: random() < 0.5 ? 4 : 8,
    volumeMethod: random() < 0.5 ? 'isotropic' : 'voxels',
  };
  const points = Array.from({ length: 5 }, () => [random() * nx, random() * ny] as const);
  const region: HeartRegion | null =
    random() < 0.5 ? null : { shapes: [{ kind: 'polygon', points, slices: [0, nz - 1] }] };
  const set = lesionsIn(volume, convention, region);
  const edits = randomEdits(random, set, 10);
  const labeled = applyEdits(set, edits);
  const calibration = random() < 0.5 ? CALIBRATION : null;
  const state = {
    history: { present: { edits, region } },
    thresholds: 'standard-130',
    calibration,
    zeroConfirmed: true,
  } as unknown as CalciumState;
  const series = seriesOf(volume);
  const { rows, total, totalMass } = scoreVessels(labeled, calibration);
  const report = {
    vessels: rows,
    total,
    totalMass,
    conventionInWords: describeConvention(convention, volume.spacingMm[2]),
    compute: { producer: 'wasm', milliseconds: 1, notes: [] },
    warnings: [],
    software: { name: 'Voxelwise calcium', version: '9.9.9' },
    createdAt: NOW,
  } as const;
  const objects = writeCalciumObjects(
    sourceFromInstances(series.loaded.instances),
    resultToStore(report, state, labeled, series),
    { takenSeriesNumbers: [], now: NOW },
  );
  return { volume, convention, region, calibration, labeled, series, objects };
}

describe('a result as DICOM objects', () => {
  test('reopened has equal labels and equal sums per vessel, whatever the edits, the convention and the region', async () => {
    await forSeeds(25, random => {
      const { volume, convention, region, calibration, labeled, series, objects } = randomResult(random);
      const reopened = storedResult(readCalciumReport(objects.report.bytes), objects.segmentation.bytes, series);
      expect(reopened).toMatchObject({ savedAt: NOW, convention, calibration, zeroConfirmed: true });
      expect(reopened.decisions.region).toEqual(region);
      const set = lesionsIn(volume, reopened.convention, reopened.decisions.region);
      const again = applyEdits(set, reopened.decisions.edits);
      for (const label of LABELS) {
        if (label) expect(voxelsOfLabel(again, label)).toEqual(voxelsOfLabel(labeled, label));
      }
      expect(scoreVessels(again, reopened.calibration)).toEqual(scoreVessels(labeled, calibration));
      expect(differenceInSums(reopened.sums, vesselSums(again))).toBe('');
    });
  });

  test('is not reopened on other slices', async () => {
    await forSeeds(3, random => {
      const { volume, series, objects } = randomResult(random);
      const [nx, ny, nz] = volume.dimensions;
      const report = readCalciumReport(objects.report.bytes);
      const longer = seriesOf({ ...volume, dimensions: [nx, ny, nz + 1] });
      expect(() => storedResult(report, objects.segmentation.bytes, longer)).toThrow(
        `it was made on ${nz} slices, which are not the ${nz + 1} that are loaded now`,
      );
      expect(() => storedResult(report, objects.segmentation.bytes, series)).not.toThrow();
    });
  });

  test('that somebody has changed is not reopened', async () => {
    await forSeeds(3, random => {
      const { series, objects } = randomResult(random);
      const report = readCalciumReport(objects.report.bytes);
      const reopen = (change: Partial<typeof report>) => () =>
        storedResult({ ...report, ...change }, objects.segmentation.bytes, series);
      expect(reopen({})).not.toThrow();
      expect(reopen({ convention: { ...report.convention, thresholdHu: 131 } })).toThrow(
        'its convention is another one',
      );
      expect(reopen({ region: { shapes: [] } })).toThrow('its convention is another one');
      const vessels = report.vessels.map(one => ({
        ...one,
        score: { ...one.score, agatston: one.score.agatston + (one.vessel === 'LCX' ? 0.5 : 0) },
      }));
      expect(reopen({ vessels })).toThrow(/its score of LCX is .*, but what it was made of gives .*; somebody has/);
    });
  });

  test('that was computed on other values says what differs', async () => {
    await forSeeds(5, random => {
      const { volume, series, objects, labeled } = randomResult(random);
      const reopened = storedResult(readCalciumReport(objects.report.bytes), objects.segmentation.bytes, series);
      const other = { ...volume, voxels: volume.voxels.map(() => 0) };
      const set = lesionsIn(other, reopened.convention, reopened.decisions.region);
      const difference = differenceInSums(reopened.sums, vesselSums(applyEdits(set, reopened.decisions.edits)));
      const held = Object.entries(vesselSums(labeled)).filter(([, { voxels }]) => voxels > 0);
      expect(difference).toBe(
        held.map(([vessel, { voxels }]) => `${vessel} had ${voxels} voxels and has 0`).join('; '),
      );
    });
  });
});
