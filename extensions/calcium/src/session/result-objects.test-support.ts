import { thresholdMask } from '@voxelwise/compute/twins';
import { sourceFromInstances } from '@voxelwise/dicom';
import { findLesions, integer, maskInRegion, type Random, randomVolume } from '../core/calcium.test-support.ts';
import { randomEdits } from '../core/editing/editing.test-support.ts';
import {
  applyEdits,
  type Convention,
  DEFAULT_CONVENTION,
  describeConvention,
  enteredCalibration,
  type HeartRegion,
  type HuVolume,
  scoreVessels,
} from '../core/index.ts';
import { writeCalciumObjects } from '../results/dicom/index.ts';
import type { CtSeries } from './ct-series.ts';
import { withDrawnShape } from './heart-region.ts';
import { resultToStore } from './result-objects.ts';
import type { CalciumState } from './state.ts';

const CALIBRATION = enteredCalibration({ factor: 0.78, unit: 'mg/cm3/HU', date: '2026-01-31', text: 'für 120 kV' });
export const NOW = new Date('2026-03-04T05:06:07.089Z');

/** A volume as the viewer's slices, without its pixels. */
export function seriesOf({ dimensions, spacingMm }: HuVolume): CtSeries {
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

export function lesionsIn(volume: HuVolume, convention: Convention, region: HeartRegion | null) {
  const mask = thresholdMask(volume, convention.thresholdHu);
  return findLesions(region ? maskInRegion(mask, volume, region) : mask, volume, convention);
}

/** A reader's work on a random volume, as objects and as the viewer has it. */
export function randomResult(random: Random, now = NOW) {
  const volume = randomVolume(random, [integer(random, 6, 40), integer(random, 6, 16), integer(random, 1, 4)], 0.3);
  const [nx, ny, nz] = volume.dimensions;
  const convention: Convention = {
    ...DEFAULT_CONVENTION,
    thresholdHu: 120 + random() * 60,
    connectivity: random() < 0.5 ? 4 : 8,
    volumeMethod: random() < 0.5 ? 'isotropic' : 'voxels',
  };
  const points = Array.from({ length: 5 }, () => [random() * nx, random() * ny] as const);
  const region = random() < 0.5 ? null : withDrawnShape(null, { kind: 'polygon', points }, 0, nz);
  const set = lesionsIn(volume, convention, region);
  const edits = randomEdits(random, set, 10);
  const labeled = applyEdits(set, edits);
  const calibration = random() < 0.5 ? CALIBRATION : null;
  const state = {
    history: { present: { edits, region } },
    scoredWith: { convention, thresholds: 'standard-130', region },
    calibration,
    zeroConfirmed: true,
  } as unknown as CalciumState;
  const series = seriesOf(volume);
  const { rows, total, totalMass } = scoreVessels(labeled, calibration);
  const report = {
    vessels: rows,
    total,
    totalMass,
    conventionInWords: describeConvention(convention, volume.spacingMm),
    compute: { producer: 'wasm', milliseconds: 1, notes: [] },
    warnings: [],
    software: { name: 'Voxelwise calcium', version: '9.9.9' },
    createdAt: now,
  } as const;
  const objects = writeCalciumObjects(
    sourceFromInstances(series.loaded.instances),
    resultToStore(report, state, labeled, series),
    { takenSeriesNumbers: [], now },
  );
  return { volume, convention, region, calibration, labeled, series, objects };
}
