import { RELATIVE_CONSTANTS, type TissueConstants } from '@voxelwise/perfusion/core';
import { type OptionValues, plainNumber, readOptions } from '../read-options.ts';
import { Refusal } from '../refusal.ts';
import { METHOD_OPTIONS, type MethodChoice, parseMethod } from './method.ts';

export interface CurvesArguments {
  readonly curvesPath: string;
  readonly method: MethodChoice;
  readonly constants: TissueConstants;
}

const OPTIONS = {
  ...METHOD_OPTIONS,
  curves: { type: 'string' },
  'hematocrit-factor': { type: 'string' },
  density: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/**
 * Reads the arguments behind `voxelwise perfusion`.
 * @throws Refusal naming the option that is unknown, repeated or has a bad value, or what is missing.
 */
export function parsePerfusionArguments(args: readonly string[]): CurvesArguments {
  const { values, positionals } = readOptions('perfusion', OPTIONS, args);
  if (values.curves === undefined) {
    throw new Refusal('voxelwise perfusion needs a table of curves: voxelwise perfusion --curves <file>.');
  }
  if (positionals.length > 0) {
    throw new Refusal(`--curves reads one file, and "${positionals[0]}" is something else; leave it out.`);
  }
  return {
    curvesPath: values.curves,
    method: parseMethod(values),
    constants: parseConstants(values, RELATIVE_CONSTANTS),
  };
}

function parseConstants(values: OptionValues<typeof OPTIONS>, usual: TissueConstants): TissueConstants {
  const { density, 'hematocrit-factor': hematocritFactor } = values;
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
