import { thresholdMask } from '@voxelwise/compute/twins';
import { type DataSet, sourceFromFiles, writePart10 } from '@voxelwise/dicom';
import { findLesions, maskInRegion, randomVolume, seededRandom } from '../../core/calcium.test-support.ts';
import { randomEdits } from '../../core/editing/editing.test-support.ts';
import {
  applyEdits,
  assignPart,
  type Convention,
  DEFAULT_CONVENTION,
  describeConvention,
  enteredCalibration,
  type HeartRegion,
  type HuVolume,
  type Label,
  type LabeledLesions,
  type MassCalibration,
  scoreVessels,
  VESSELS,
  voxelsOfLabel,
} from '../../core/index.ts';
import type { CalciumResult } from './calcium-seg-sr.ts';

export const CALIBRATION = enteredCalibration({
  factor: 0.8123456789,
  unit: 'mg/cm3/HU',
  date: '2025-01-15',
  text: 'für Ω',
});

/** The result of labeled lesions. */
export function resultOf(
  labeled: LabeledLesions,
  calibration: MassCalibration | null,
  region: HeartRegion | null = null,
): CalciumResult {
  const { rows, total, totalMass } = scoreVessels(labeled, calibration);
  const { convention, spacingMm } = labeled.set;
  return {
    vessels: rows.map(({ vessel, score, mass }) => ({
      vessel,
      score,
      massMg: mass.massMg,
      voxels: voxelsOfLabel(labeled, vessel),
    })),
    total: { score: total, massMg: totalMass.massMg },
    convention,
    conventionInWords: describeConvention(convention, spacingMm),
    calibration,
    region,
    producer: 'wasm-simd',
    warnings: ['The score is below 100 mm², where it is noisy.'],
    reopening: JSON.stringify({ kept: 'für später', numbers: [0.1 + 0.2] }),
    software: { name: 'Voxelwise calcium', version: '9.9.9' },
  };
}

export const options = { takenSeriesNumbers: [1, 2, 1000], readerName: 'Doe^Jane' };

export interface Case {
  readonly convention?: Partial<Convention>;
  readonly calibration?: MassCalibration | null;
  readonly region?: HeartRegion | null;
  /** Labels that lesions may get; every vessel and none of them unless given. */
  readonly labels?: readonly (Label | null)[];
  /** Divides lesions by random cuts and brush strokes. */
  readonly areDivided?: boolean;
  readonly slices?: number;
  readonly spacingMm?: HuVolume['spacingMm'];
}

/** A random volume as CT slices in files, with its lesions given to vessels at random. */
export function randomCase(seed: number, { convention, calibration = null, region = null, ...choices }: Case = {}) {
  const { labels = [...VESSELS, null], areDivided = false, slices = 4, spacingMm = [0.5, 0.75, 2.5] } = choices;
  const random = seededRandom(seed);
  const volume = randomVolume(random, [37, 21, slices], 0.15, spacingMm);
  const whole = { ...DEFAULT_CONVENTION, ...convention };
  const mask = thresholdMask(volume, whole.thresholdHu);
  const set = findLesions(region ? maskInRegion(mask, volume, region) : mask, volume, whole);
  const undivided = applyEdits(set, []);
  const assigned = Array.from({ length: set.lesions.count }, (_, lesion) =>
    assignPart(undivided, lesion, labels[Math.floor(random() * labels.length)]!),
  );
  const labeled = applyEdits(set, [...assigned, ...(areDivided ? randomEdits(random, set, 25) : [])]);
  const files = slicesOf(volume);
  return { labeled, result: resultOf(labeled, calibration, region), files, source: sourceFromFiles(files) };
}

function slicesOf({ voxels, dimensions, spacingMm }: HuVolume): Uint8Array[] {
  const [columns, rows, slices] = dimensions;
  return Array.from({ length: slices }, (_, slice) => {
    const pixels = Int16Array.from(voxels.subarray(slice * rows * columns, (slice + 1) * rows * columns));
    const attributes: DataSet = {
      SpecificCharacterSet: 'ISO_IR 100',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      SOPInstanceUID: `2.25.100.${slice + 1}`,
      StudyInstanceUID: '2.25.99',
      SeriesInstanceUID: '2.25.100',
      FrameOfReferenceUID: '2.25.98',
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
      ImagePositionPatient: [-10.5, -20, 100 + spacingMm[2] * slice],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [spacingMm[1], spacingMm[0]],
      SliceThickness: spacingMm[2],
      Rows: rows,
      Columns: columns,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 1,
      RescaleSlope: 1,
      RescaleIntercept: 0,
      PixelData: new Uint8Array(pixels.buffer),
    };
    return writePart10(attributes);
  });
}
