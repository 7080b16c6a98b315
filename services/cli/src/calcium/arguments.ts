import { parseArgs } from 'node:util';
import { type Convention, DEFAULT_CONVENTION, type MinimumLesion } from '@voxelwise/calcium/core';
import { Refusal } from '../refusal.ts';

export interface CalciumArguments {
  readonly folder: string;
  readonly roisPath?: string;
  readonly seriesUid?: string;
  readonly convention: Convention;
  readonly isJson: boolean;
}

const OPTIONS = {
  rois: { type: 'string' },
  series: { type: 'string' },
  threshold: { type: 'string' },
  connectivity: { type: 'string' },
  'minimum-area': { type: 'string' },
  'no-equivalent': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** CT numbers: below is no tissue, above is no 16 bit value. It also keeps padding (-32768) out of every mask. */
const THRESHOLD_RANGE_HU = [-1024, 32767] as const;

/**
 * Reads the arguments behind `voxelwise calcium`.
 * @throws Refusal naming the option that is unknown, repeated or has a bad value.
 */
export function parseCalciumArguments(args: readonly string[]): CalciumArguments {
  const { values, positionals } = readOptions(args);
  const [folder, extra] = positionals;
  if (folder === undefined || folder === '') {
    throw new Refusal('voxelwise calcium needs the folder of a CT series: voxelwise calcium <folder>.');
  }
  if (extra !== undefined) {
    throw new Refusal(`voxelwise calcium scores one folder at a time, and "${extra}" is a second one; leave it out.`);
  }
  const { rois, series } = values;
  return {
    folder,
    ...(rois !== undefined && { roisPath: rois }),
    ...(series !== undefined && { seriesUid: series }),
    convention: {
      ...DEFAULT_CONVENTION,
      ...(values.threshold !== undefined && { thresholdHu: parseThreshold(values.threshold) }),
      ...(values.connectivity !== undefined && { connectivity: parseConnectivity(values.connectivity) }),
      ...(values['minimum-area'] !== undefined && { minimumLesion: parseMinimum(values['minimum-area']) }),
      equivalent3mm: !values['no-equivalent'],
    },
    isJson: values.json ?? false,
  };
}

/** Not strict, because the sentences of strict parsing speak of JavaScript; the tokens are checked here instead. */
function readOptions(args: readonly string[]) {
  const parsed = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const seen = new Set<string>();
  for (const token of parsed.tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name as keyof typeof OPTIONS] : undefined;
    if (!option || !rawName.startsWith('--')) {
      throw new Refusal(`voxelwise calcium has no option ${rawName}; voxelwise --help lists them.`);
    }
    if (seen.has(name)) throw new Refusal(`The option ${rawName} is given twice; give it once.`);
    seen.add(name);
    if (option.type === 'boolean' && value !== undefined) {
      throw new Refusal(`The option ${rawName} takes no value, but "${value}" was given; leave the value out.`);
    }
    if (option.type === 'string' && (value === undefined || value === '' || value.startsWith('--'))) {
      throw new Refusal(`The option ${rawName} needs a value; voxelwise --help shows which.`);
    }
  }
  type Values = { [name in keyof typeof OPTIONS]?: (typeof OPTIONS)[name]['type'] extends 'string' ? string : boolean };
  return { values: parsed.values as Values, positionals: parsed.positionals };
}

/** A plain decimal number. Number() alone would also read '', ' ' and '0x82'. */
function parseNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

function parseThreshold(text: string): number {
  const value = parseNumber(text);
  const [lowest, highest] = THRESHOLD_RANGE_HU;
  if (value >= lowest && value <= highest) return value;
  throw new Refusal(`--threshold must be a number of HU from ${lowest} to ${highest}, not "${text}".`);
}

function parseConnectivity(text: string): Convention['connectivity'] {
  if (text === '8') return 8;
  if (text === '4') return 4;
  throw new Refusal(`--connectivity must be 8 or 4, not "${text}".`);
}

function parseMinimum(text: string): MinimumLesion {
  const match = /^(.*?)(mm2|mm²|px)$/.exec(text);
  const value = parseNumber(match?.[1] ?? '');
  if (match && match[2] !== 'px' && value >= 0) return { rule: 'area', areaMm2: value };
  if (match?.[2] === 'px' && Number.isInteger(value) && value >= 1) return { rule: 'pixels', pixels: value };
  throw new Refusal(`--minimum-area must be an area such as 1mm2 or a number of pixels such as 3px, not "${text}".`);
}
