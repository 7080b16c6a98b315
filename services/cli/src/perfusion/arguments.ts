import {
  ABSOLUTE_CONSTANTS,
  DEFAULT_SMOOTHING,
  RELATIVE_CONSTANTS,
  type Smoothing,
  type TissueConstants,
} from '@voxelwise/perfusion/core';
import { type OptionValues, plainNumber, readOptions } from '../read-options.ts';
import { Refusal } from '../refusal.ts';
import { METHOD_OPTIONS, type MethodChoice, parseMethod } from './method.ts';

export type PerfusionArguments = CurvesArguments | FolderArguments;

export interface CurvesArguments {
  readonly kind: 'curves';
  readonly path: string;
  readonly method: MethodChoice;
  readonly constants: TissueConstants;
}

export interface FolderArguments {
  readonly kind: 'folder';
  readonly folder: string;
  readonly seriesUid?: string;
  readonly method: MethodChoice;
  readonly constants: TissueConstants;
  readonly smoothing: Smoothing;
  /** A file with the regions of the artery; it is found automatically where it is missing. */
  readonly aifPath?: string;
  /** The arterial curve is scaled to the area of the venous one. */
  readonly isScaledByVof: boolean;
  readonly isJson: boolean;
  readonly csvPath?: string;
  /** Folder for DICOM objects. */
  readonly dicomPath?: string;
  /** Files that are there already may be replaced. */
  readonly isForced: boolean;
}

const COMMON_OPTIONS = {
  ...METHOD_OPTIONS,
  'hematocrit-factor': { type: 'string' },
  density: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const FOLDER_OPTIONS = {
  series: { type: 'string' },
  smoothing: { type: 'string' },
  aif: { type: 'string' },
  'no-vof-scaling': { type: 'boolean' },
  csv: { type: 'string' },
  dicom: { type: 'string' },
  force: { type: 'boolean' },
} as const;

const OPTIONS = { ...COMMON_OPTIONS, ...FOLDER_OPTIONS, curves: { type: 'string' } } as const;

type Values = OptionValues<typeof OPTIONS>;

/** Smoothing of more than this blurs the whole head. */
const MOST_SMOOTHING_MM = 20;

/**
 * Reads the arguments behind `voxelwise perfusion`.
 * @throws Refusal naming the option that is unknown, repeated or has a bad value, or what is missing.
 */
export function parsePerfusionArguments(args: readonly string[]): PerfusionArguments {
  const { values, positionals } = readOptions('perfusion', OPTIONS, args);
  return values.curves === undefined ? ofFolder(values, positionals) : ofCurves(values.curves, values, positionals);
}

function ofCurves(path: string, values: Values, positionals: readonly string[]): CurvesArguments {
  if (positionals.length > 0) {
    throw new Refusal(`--curves reads one file, and "${positionals[0]}" is something else; leave it out.`);
  }
  const other = Object.keys(FOLDER_OPTIONS).find(option => values[option as keyof typeof FOLDER_OPTIONS] !== undefined);
  if (other) throw new Refusal(`--${other} belongs to the series of a folder, not to --curves; leave it out.`);
  return { kind: 'curves', path, method: parseMethod(values), constants: parseConstants(values, RELATIVE_CONSTANTS) };
}

function ofFolder(values: Values, [folder, second]: readonly string[]): FolderArguments {
  if (!folder) {
    throw new Refusal(
      'voxelwise perfusion needs a folder or a table of curves: voxelwise perfusion <folder>, or voxelwise perfusion --curves <file>.',
    );
  }
  if (second !== undefined) {
    throw new Refusal(`voxelwise perfusion computes one folder, and "${second}" is a second one; leave it out.`);
  }
  const { series, aif, csv, dicom } = values;
  if (csv !== undefined && values.json) {
    throw new Refusal('--csv writes a table and --json prints one result; give one of them.');
  }
  if (values.force && csv === undefined && dicom === undefined) {
    throw new Refusal('--force needs --csv or --dicom, whose files it replaces.');
  }
  return {
    kind: 'folder',
    folder,
    ...(series !== undefined && { seriesUid: series }),
    method: parseMethod(values),
    constants: parseConstants(values, ABSOLUTE_CONSTANTS),
    smoothing: values.smoothing === undefined ? DEFAULT_SMOOTHING : parseSmoothing(values.smoothing),
    ...(aif !== undefined && aif !== 'auto' && { aifPath: aif }),
    isScaledByVof: !values['no-vof-scaling'],
    isJson: values.json ?? false,
    ...(csv !== undefined && { csvPath: csv }),
    ...(dicom !== undefined && { dicomPath: dicom }),
    isForced: values.force ?? false,
  };
}

function parseConstants({ density, 'hematocrit-factor': hematocritFactor }: Values, usual: TissueConstants) {
  return {
    hematocritFactor:
      hematocritFactor === undefined
        ? usual.hematocritFactor
        : positive('--hematocrit-factor', hematocritFactor, '0.73'),
    densityGPerMl: density === undefined ? usual.densityGPerMl : positive('--density', density, '1.04'),
  };
}

function positive(option: string, text: string, example: string): number {
  const value = plainNumber(text);
  if (value > 0) return value;
  throw new Refusal(`${option} must be a number above 0 such as ${example}, not "${text}".`);
}

function parseSmoothing(text: string): Smoothing {
  const value = plainNumber(text);
  if (value >= 0 && value <= MOST_SMOOTHING_MM) return { ...DEFAULT_SMOOTHING, spatialSigmaMm: value };
  throw new Refusal(
    `--smoothing must be the standard deviation of a Gaussian from 0 to ${MOST_SMOOTHING_MM} mm such as 2, not "${text}".`,
  );
}
