import { type Convention, DEFAULT_CONVENTION, type MinimumLesion, type ThresholdChoice } from '@voxelwise/calcium/core';
import { type OptionValues, plainNumber, readOptions } from '../read-options.ts';
import { Refusal } from '../refusal.ts';

export interface CalciumArguments {
  /** At least one; several only with csvPath. */
  readonly folders: readonly string[];
  /** May hold {folder}, which stands for the folder that is scored. */
  readonly roisPath?: string;
  /** A DICOM segmentation of the vessels; may hold {folder}. Never together with roisPath. */
  readonly vesselsPath?: string;
  readonly seriesUid?: string;
  /** Two discs on the scan to calibrate mass with; may hold {folder}. Never together with a known factor. */
  readonly calibrationPath?: string;
  readonly switches: Switches;
  /** May hold {folder} too. */
  readonly riskPath?: string;
  /** A file, or the name of the table that ships. */
  readonly percentiles?: string;
  readonly csvPath?: string;
  readonly isJson: boolean;
  readonly outputs: Outputs;
}

/** Files to write beside what is printed; segmentation and reports only with vesselsPath. They may hold {folder}. */
export interface Outputs {
  readonly seg?: string;
  /** Only with seg, which it refers to. */
  readonly sr?: string;
  readonly pdf?: string;
  readonly paper: 'a4' | 'letter';
  /** Files that are there already may be replaced, the table too. */
  readonly isForced: boolean;
}

/** The options that name a file to write. */
export const OUTPUT_OPTIONS = ['seg', 'sr', 'pdf'] as const;

/** What the reader decides about the scoring; the rest of the convention may depend on the series. */
export interface Switches {
  /** The convention but for its thresholds. */
  readonly base: Convention;
  readonly thresholds: ThresholdChoice;
  /** A threshold by hand, in place of that choice's. */
  readonly thresholdHu?: number;
  readonly massCalibration?: { readonly factor: number; readonly unit: 'mg/cm3/HU' | 'mg/mm3/HU' };
}

/** Stands for the folder that is scored, in the path of a file that every scan has of its own. */
const FOLDER_PLACE = '{folder}';

/** The path that an option gives for a folder. */
export function pathFor(path: string, folder: string): string {
  return path.replaceAll(FOLDER_PLACE, () => folder);
}

const OPTIONS = {
  rois: { type: 'string' },
  vessels: { type: 'string' },
  series: { type: 'string' },
  threshold: { type: 'string' },
  thresholds: { type: 'string' },
  connectivity: { type: 'string' },
  'minimum-lesion': { type: 'string' },
  volume: { type: 'string' },
  'no-equivalent': { type: 'boolean' },
  'mass-calibration': { type: 'string' },
  'calibration-rois': { type: 'string' },
  risk: { type: 'string' },
  percentiles: { type: 'string' },
  csv: { type: 'string' },
  json: { type: 'boolean' },
  seg: { type: 'string' },
  sr: { type: 'string' },
  pdf: { type: 'string' },
  paper: { type: 'string' },
  force: { type: 'boolean' },
} as const;

/** CT numbers: below is no tissue, above is no 16 bit value. It also keeps padding (-32768) out of every mask. */
const THRESHOLD_RANGE_HU = [-1024, 32767] as const;
/** No factor in mg/cm3 per HU is as small as this, and none in mg/mm3 per HU as large. */
const SMALLEST_PER_CM3 = 0.01;

/**
 * Reads the arguments behind `voxelwise calcium`.
 * @throws Refusal naming the option that is unknown, repeated or has a bad value, or the two that exclude each other.
 */
export function parseCalciumArguments(args: readonly string[]): CalciumArguments {
  const { values, positionals: folders } = readOptions('calcium', OPTIONS, args);
  if (folders.length === 0 || folders.includes('')) {
    throw new Refusal('voxelwise calcium needs the folder of a CT series: voxelwise calcium <folder>.');
  }
  const { rois, vessels, series, risk, percentiles, csv } = values;
  if (folders.length > 1 && csv === undefined) {
    throw new Refusal(
      `voxelwise calcium prints the result of one folder, and "${folders[1]}" is a second one; leave it out, or give --csv <file> to write a table of all.`,
    );
  }
  if (folders.length > 1 && series !== undefined) {
    throw new Refusal('--series names a series of one folder, but several folders were given; score them one by one.');
  }
  if (csv !== undefined && values.json) {
    throw new Refusal('--csv writes a table and --json prints one result; give one of them.');
  }
  if (rois !== undefined && vessels !== undefined) {
    throw new Refusal('--rois and --vessels both say which calcium is scored; give one of them.');
  }
  const calibrationRois = values['calibration-rois'];
  if (calibrationRois !== undefined && values['mass-calibration'] !== undefined) {
    throw new Refusal('--mass-calibration and --calibration-rois both calibrate mass; give one of them.');
  }
  if (risk !== undefined && rois === undefined && vessels === undefined) {
    throw new Refusal(
      '--risk needs --vessels or --rois, because the score of a whole scan with its bones is not a coronary score.',
    );
  }
  if (percentiles !== undefined && risk === undefined) {
    throw new Refusal('--percentiles needs --risk, which tells sex and age.');
  }
  return {
    folders,
    ...(rois !== undefined && { roisPath: rois }),
    ...(vessels !== undefined && { vesselsPath: vessels }),
    ...(series !== undefined && { seriesUid: series }),
    ...(calibrationRois !== undefined && { calibrationPath: calibrationRois }),
    switches: parseSwitches(values),
    ...(risk !== undefined && { riskPath: risk }),
    ...(percentiles !== undefined && { percentiles }),
    ...(csv !== undefined && { csvPath: csv }),
    isJson: values.json ?? false,
    outputs: parseOutputs(values, folders.length),
  };
}

type Values = OptionValues<typeof OPTIONS>;

function parseSwitches(values: Values): Switches {
  const thresholds = values.thresholds === undefined ? 'standard-130' : parseThresholds(values.thresholds);
  if (thresholds === 'by-kvp' && values.threshold !== undefined) {
    throw new Refusal('--thresholds by-kvp and --threshold contradict each other; give one of them.');
  }
  const minimum = values['minimum-lesion'];
  const massCalibration = values['mass-calibration'];
  return {
    base: {
      ...DEFAULT_CONVENTION,
      ...(values.connectivity !== undefined && { connectivity: parseConnectivity(values.connectivity) }),
      ...(minimum !== undefined && { minimumLesion: parseMinimum(minimum) }),
      ...(values.volume !== undefined && { volumeMethod: parseVolumeMethod(values.volume) }),
      equivalent3mm: !values['no-equivalent'],
    },
    thresholds,
    ...(values.threshold !== undefined && { thresholdHu: parseThreshold(values.threshold) }),
    ...(massCalibration !== undefined && { massCalibration: parseMassCalibration(massCalibration) }),
  };
}

function parseOutputs({ vessels, seg, sr, pdf, csv, paper, force }: Values, folderCount: number): Outputs {
  const paths = {
    ...(seg !== undefined && { seg }),
    ...(sr !== undefined && { sr }),
    ...(pdf !== undefined && { pdf }),
  };
  const [first] = Object.keys(paths);
  if (first !== undefined && vessels === undefined) {
    throw new Refusal(
      `--${first} needs --vessels, because a result that is stored says which calcium belongs to which coronary artery, and regions or a whole scan do not.`,
    );
  }
  if (sr !== undefined && seg === undefined) {
    throw new Refusal('--sr needs --seg, because the report refers to the voxels in that segmentation.');
  }
  for (const [option, path] of Object.entries(paths)) {
    if (folderCount === 1 || path.includes(FOLDER_PLACE)) continue;
    throw new Refusal(
      `--${option} names one file, but several folders were given; put ${FOLDER_PLACE} into its path, which stands for the folder being scored.`,
    );
  }
  if (paper !== undefined && pdf === undefined) throw new Refusal('--paper needs --pdf.');
  if (paper !== undefined && paper !== 'a4' && paper !== 'letter') {
    throw new Refusal(`--paper must be a4 or letter, not "${paper}".`);
  }
  if (force && first === undefined && csv === undefined) {
    throw new Refusal('--force needs --csv, --seg, --sr or --pdf, whose files it replaces.');
  }
  return { ...paths, paper: paper ?? 'a4', isForced: force ?? false };
}

function parseThreshold(text: string): number {
  const value = plainNumber(text);
  const [lowest, highest] = THRESHOLD_RANGE_HU;
  if (value >= lowest && value <= highest) return value;
  throw new Refusal(`--threshold must be a number of HU from ${lowest} to ${highest}, not "${text}".`);
}

function parseThresholds(text: string): ThresholdChoice {
  if (text === 'by-kvp' || text === 'standard-130') return text;
  throw new Refusal(`--thresholds must be standard-130 or by-kvp, not "${text}".`);
}

function parseConnectivity(text: string): Convention['connectivity'] {
  if (text === '8') return 8;
  if (text === '4') return 4;
  throw new Refusal(`--connectivity must be 8 or 4, not "${text}".`);
}

function parseMinimum(text: string): MinimumLesion {
  const match = /^(.*?)(mm2|mm²|px)$/.exec(text);
  const value = plainNumber(match?.[1] ?? '');
  if (match && match[2] !== 'px' && value >= 0) return { rule: 'area', areaMm2: value };
  if (match?.[2] === 'px' && Number.isInteger(value) && value >= 1) return { rule: 'pixels', pixels: value };
  throw new Refusal(`--minimum-lesion must be an area such as 1mm2 or a number of pixels such as 3px, not "${text}".`);
}

function parseVolumeMethod(text: string): Convention['volumeMethod'] {
  if (text === 'voxels' || text === 'isotropic') return text;
  throw new Refusal(`--volume must be voxels or isotropic, not "${text}".`);
}

/** The two units differ by a factor of 1000, more than calibrations do: the number tells which one it is in. */
function parseMassCalibration(text: string): NonNullable<Switches['massCalibration']> {
  const factor = plainNumber(text);
  if (!(factor > 0)) {
    throw new Refusal(
      `--mass-calibration must be a factor in mg/cm³ per HU such as 0.8, or in mg/mm³ per HU such as 0.0008, not "${text}".`,
    );
  }
  return { factor, unit: factor >= SMALLEST_PER_CM3 ? 'mg/cm3/HU' : 'mg/mm3/HU' };
}
