import { type Code, dcm, PRIVATE_SCHEME, sct, ucum } from '@voxelwise/dicom';
import type { DeconvolutionMethod, DynamicSignal, PerfusionMap, TissueConstants } from '../../core/index.ts';
import { isPerVolume } from '../color-map/map-display.ts';

const ours = (value: string, meaning: string): Code => ({ value, scheme: PRIVATE_SCHEME, meaning });

/** What a map measures (CID 4108 and 7180). */
export const MAP_QUANTITIES: Readonly<Record<PerfusionMap, Code>> = {
  CBF: dcm('126390', 'Absolute Regional Blood Flow'),
  CBV: dcm('126391', 'Absolute Regional Blood Volume'),
  MTT: dcm('113052', 'Mean Transit Time'),
  Tmax: dcm('113084', 'Tmax'),
  TTP: dcm('113069', 'Time To Peak'),
};

export const CODES = {
  brain: sct('12738006', 'Brain'),
  /** CID 7203. */
  derivation: dcm('129104', 'Perfusion image analysis'),
  iodinatedCt: dcm('126301', 'Perfusion analysis by IV Iodinated Contrast CT technique'),
  susceptibilityMr: dcm('126303', 'Perfusion analysis by Susceptibility MR technique'),
  svd: dcm('126311', 'Singular Value Decomposition (SVD) deconvolution'),
  lucyRichardson: ours('LUCY_RICHARDSON', 'Lucy-Richardson deconvolution'),
  tikhonov: ours('TIKHONOV', 'Deconvolution with Tikhonov regularization'),
  aifByReader: dcm('126362', 'User-defined AIF ROI'),
  aifAutomatic: dcm('126363', 'Automatically Detected AIF ROI'),

  /** CID 100. */
  ctProcedure: { value: '39142-5', scheme: 'LN', meaning: 'CT perfusion head with contrast IV' },
  mrProcedure: { value: '25056-3', scheme: 'LN', meaning: 'MRI unspecified body region' },

  /** CID 7150 and 7161. */
  functional: sct('246464006', 'Function'),
  perfusion: sct('371863001', 'Perfusion'),
  anatomical: sct('91723000', 'Anatomical Structure'),
  artery: sct('51114001', 'Artery'),
  vein: sct('29092000', 'Vein'),
  core: ours('CORE', 'Core by relative blood flow'),
  hypoperfusion: ours('HYPOPERFUSION', 'Hypoperfusion by Tmax'),
  /** CID 7162: of voxels by their values, and of curves. */
  byValue: dcm('123105', 'Histogram Analysis'),
  byCurves: dcm('123107', 'Cluster Analysis'),

  mismatch: ours('MISMATCH', 'Mismatch of hypoperfusion and core'),
  region: ours('REGION', 'Region of interest'),
  mirroredRegion: ours('MIRRORED_REGION', 'Region of interest, mirrored'),

  comment: dcm('121106', 'Comment'),
  rule: ours('RULE', 'Rule that a number was measured by'),
  convention: ours('CONVENTION', 'Convention'),
  resultJson: ours('RESULT_JSON', 'Settings and numbers of the result as JSON'),
  mean: sct('373098007', 'Mean'),
  median: sct('373099004', 'Median'),
  standardDeviation: sct('386136009', 'Standard Deviation'),
} as const satisfies Readonly<Record<string, Code>>;

const UNITS = {
  ml: ucum('ml', 'milliliter'),
  s: ucum('s', 'second'),
  none: ucum('1', 'no units'),
  gPerMl: ucum('g/ml', 'gram per milliliter'),
} as const;

/** Numbers of a report beside the means of maps. */
export const QUANTITIES = {
  volume: { name: sct('118565006', 'Volume'), unit: UNITS.ml },
  mismatchRatio: { name: ours('MISMATCH_RATIO', 'Ratio of hypoperfused volume to core volume'), unit: UNITS.none },
  intensityRatio: { name: ours('HYPOPERFUSION_INTENSITY_RATIO', 'Hypoperfusion intensity ratio'), unit: UNITS.none },
  hematocritFactor: { name: ours('HEMATOCRIT_FACTOR', 'Hematocrit factor'), unit: UNITS.none },
  density: { name: ours('TISSUE_DENSITY', 'Density of brain tissue'), unit: UNITS.gPerMl },
} as const;

/** UCUM unit of a map. */
export function unitCode(map: PerfusionMap, constants: TissueConstants): Code {
  const per = isPerVolume(constants) ? '(100.ml)' : '(100.g)';
  if (map === 'CBF') return ucum(`ml/${per}/min`);
  return map === 'CBV' ? ucum(`ml/${per}`) : UNITS.s;
}

/** How the contrast was measured (CID 4102). */
export function techniqueCode({ kind }: DynamicSignal): Code {
  return kind === 'attenuation' ? CODES.iodinatedCt : CODES.susceptibilityMr;
}

/** The method of deconvolution (CID 4105); a code of our own for methods that the standard does not know. */
export function deconvolutionCode({ name }: DeconvolutionMethod): Code {
  if (name === 'lr') return CODES.lucyRichardson;
  return name === 'tikhonov' ? CODES.tikhonov : CODES.svd;
}
