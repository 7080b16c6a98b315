import { type Code, dcm, PRIVATE_SCHEME, sct, ucum } from '@voxelwise/dicom';
import type { Vessel } from '../../core/index.ts';

/** Arteries (CID 3016). */
export const VESSEL_CODES: Readonly<Record<Vessel, Code>> = {
  LM: sct('3227004', 'Left main coronary artery'),
  LAD: sct('59438005', 'Left anterior descending coronary artery'),
  LCX: sct('57396003', 'Circumflex coronary artery'),
  RCA: sct('13647002', 'Right coronary artery'),
};

const ours = (value: string, meaning: string): Code => ({ value, scheme: PRIVATE_SCHEME, meaning });

export const CODES = {
  procedure: sct('426005005', 'Cardiac CT for calcium scoring'),
  category: sct('49755003', 'Morphologically Abnormal Structure'),
  calcification: sct('237897009', 'Vascular Calcification'),
  /** CID 7162 has no threshold; components are found among neighbouring voxels. */
  algorithmFamily: dcm('123101', 'Neighborhood Analysis'),

  score: sct('450360000', 'Coronary artery calcium score'),
  volume: dcm('122660', 'Calcium Volume'),
  mass: dcm('122661', 'Calcium Mass'),
  agatstonMethod: dcm('112055', 'Agatston scoring method'),
  volumeMethod: dcm('112056', 'Volume scoring method'),
  massMethod: dcm('112057', 'Mass scoring method'),
  threshold: dcm('122657', 'Agatston Score Threshold'),
  calibration: dcm('122659', 'Calcium Scoring Calibration'),
  comment: dcm('121106', 'Comment'),

  lesions: ours('LESIONS', 'Number of lesions'),
  lesionSlices: ours('LESION_SLICES', 'Number of 2D components'),
  convention: ours('CONVENTION', 'Scoring convention'),
  conventionJson: ours('CONVENTION_JSON', 'Scoring convention as JSON'),
  reopeningJson: ours('REOPENING_JSON', 'What reopening the result needs, as JSON'),
} as const;

export const UNITS = {
  none: ucum('1', 'no units'),
  mm3: ucum('mm3', 'cubic millimeter'),
  mg: ucum('mg', 'milligram'),
  hu: ucum("[hnsf'U]", 'Hounsfield unit'),
  mgPerCm3Hu: ucum("mg/cm3/[hnsf'U]", 'mg/cm3 per Hounsfield unit'),
} as const;

/** A number of a report: its name, its unit and how it was measured. */
export interface Quantity {
  readonly name: Code;
  readonly unit: Code;
  readonly method?: Code;
}

/** Every number of a group, once. */
export const QUANTITIES = {
  agatston: { name: CODES.score, unit: UNITS.none, method: CODES.agatstonMethod },
  volumeMm3: { name: CODES.volume, unit: UNITS.mm3, method: CODES.volumeMethod },
  massMg: { name: CODES.mass, unit: UNITS.mg, method: CODES.massMethod },
  lesions: { name: CODES.lesions, unit: UNITS.none },
  lesionSlices: { name: CODES.lesionSlices, unit: UNITS.none },
  thresholdHu: { name: CODES.threshold, unit: UNITS.hu },
  /** Only with a calibration, as the mass. */
  calibrationMgPerCm3Hu: { name: CODES.calibration, unit: UNITS.mgPerCm3Hu },
} as const satisfies Readonly<Record<string, Quantity>>;
