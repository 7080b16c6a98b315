import {
  DECONVOLUTION_METHODS,
  type DeconvolutionMethod,
  type DeconvolutionMethodName,
  defaultMethod,
} from '@voxelwise/perfusion/core';
import { plainNumber } from '../read-options.ts';
import { Refusal } from '../refusal.ts';

/** What the options say about the method; what they leave out is the usual, and may depend on the sampling interval. */
export interface MethodChoice {
  readonly name: DeconvolutionMethodName;
  /** Of the SVD methods and Tikhonov; the oscillation target of oSVD. */
  readonly truncation?: number;
  readonly maximumIterations?: number;
  readonly noiseFactor?: number;
}

export const METHOD_OPTIONS = {
  method: { type: 'string' },
  truncation: { type: 'string' },
  iterations: { type: 'string' },
  'noise-factor': { type: 'string' },
} as const;

const MOST_ITERATIONS = 10_000;

/**
 * @throws Refusal when the method is unknown, a number is none or out of its range, or the method has no such parameter.
 */
export function parseMethod(values: { readonly [option in keyof typeof METHOD_OPTIONS]?: string }): MethodChoice {
  const { truncation, iterations, 'noise-factor': noiseFactor } = values;
  const name = parseName(values.method ?? 'lr');
  if (truncation !== undefined && name === 'lr') {
    throw new Refusal('Lucy-Richardson truncates nothing; leave --truncation out, or choose another --method.');
  }
  if (name !== 'lr' && (iterations !== undefined || noiseFactor !== undefined)) {
    const option = iterations !== undefined ? '--iterations' : '--noise-factor';
    throw new Refusal(
      `${option} is a parameter of Lucy-Richardson, not of ${name}; leave it out, or give --method lr.`,
    );
  }
  return {
    name,
    ...(truncation !== undefined && { truncation: parseTruncation(truncation, name) }),
    ...(iterations !== undefined && { maximumIterations: parseIterations(iterations) }),
    ...(noiseFactor !== undefined && { noiseFactor: parseNoiseFactor(noiseFactor) }),
  };
}

/** The method at a sampling interval. */
export function methodAt({ name, truncation, ...choice }: MethodChoice, intervalS: number): DeconvolutionMethod {
  const usual = defaultMethod(name, intervalS);
  if (usual.name === 'lr') return { ...usual, ...choice };
  if (truncation === undefined) return usual;
  return usual.name === 'osvd' ? { ...usual, oscillationTarget: truncation } : { ...usual, truncation };
}

function parseName(text: string): DeconvolutionMethodName {
  const name = DECONVOLUTION_METHODS.find(method => method === text);
  if (name) return name;
  throw new Refusal(`--method must be one of ${DECONVOLUTION_METHODS.join(', ')}, not "${text}".`);
}

function parseTruncation(text: string, name: DeconvolutionMethodName): number {
  const value = plainNumber(text);
  if (name === 'osvd') {
    if (value > 0) return value;
    throw new Refusal(`--truncation of osvd is its oscillation target, a number above 0 such as 0.05, not "${text}".`);
  }
  if (value >= 0 && value < 1) return value;
  throw new Refusal(
    `--truncation must be a part of the largest singular value, from 0 to below 1 such as 0.1, not "${text}".`,
  );
}

function parseIterations(text: string): number {
  const value = plainNumber(text);
  if (Number.isInteger(value) && value >= 1 && value <= MOST_ITERATIONS) return value;
  throw new Refusal(`--iterations must be a whole number from 1 to ${MOST_ITERATIONS}, not "${text}".`);
}

function parseNoiseFactor(text: string): number {
  const value = plainNumber(text);
  if (value >= 0) return value;
  throw new Refusal(`--noise-factor must be a number from 0 on such as 2, not "${text}".`);
}
