import { arterialSpectrum, columnOfBins, rotationsOf } from '../../core/deconvolution/arterial-spectrum.ts';
import {
  BACKGROUND,
  EXTRAPOLATION_FLOOR,
  LEAST_START,
  lucyRichardsonSystem,
} from '../../core/deconvolution/lucy-richardson.ts';
import { truncationLevels } from '../../core/deconvolution/oscillation.ts';
import { circulantOf, residueMatrix } from '../../core/deconvolution/residue-matrix.ts';
import { circulantTimesS, shiftedTimesS } from '../../core/deconvolution/residue-times.ts';
import type { MapsParameters } from '../maps-parameters.ts';
import type { MapsModule } from './maps-module.ts';
import { BLOCK, paddedTimePoints } from './slice-curves.ts';

/** Addresses of some blocks of curves and of what is found of each curve. */
export interface PlacedBlocks {
  readonly curves: number;
  readonly blocks: number;
  /** Standard deviation of the noise; only Lucy-Richardson reads it. */
  readonly noise: number;
  /** Largest value of the residue function, and the index of its sample. */
  readonly largest: number;
  readonly indices: number;
}

/** A deconvolution with everything that it needs in the memory of the module. */
export interface PlacedMethod {
  /** Time of every sample of a residue function, s. */
  readonly timesS: Float64Array;
  /** So many take some milliseconds. */
  readonly blocksPerStep: number;
  run(part: PlacedBlocks): void;
}

/** Nothing more may be placed while it is in use, unless views are made anew. */
export function placeMethod(module: MapsModule, parameters: MapsParameters): PlacedMethod {
  const { method, aif, intervalS } = parameters;
  if (method.name === 'lr') return placeLucyRichardson(module, aif, intervalS, method);
  if (method.name === 'osvd') return placeOscillationLimited(module, aif, intervalS, method.oscillationTarget);
  const { rows, columns, values, timesS } = residueMatrix(aif, intervalS, method);
  const padded = paddedTimePoints(columns);
  const matrix = placeMatrix(module, values, rows, columns);
  const evenRows = rows + (rows % 2);
  const residues = module.place(evenRows * BLOCK);
  return {
    timesS,
    blocksPerStep: 512,
    run: ({ curves, blocks, largest, indices }) =>
      module.exports.linear(curves, blocks, padded, matrix, evenRows, rows, residues, largest, indices),
  };
}

type Method<Name> = Extract<MapsParameters['method'], { readonly name: Name }>;

/** Zeros that the products of maps.wat may read around weights. */
const MARGIN = 8;
/** Lists of samples that maps.wat keeps for four voxels. */
const LISTS = 6;

function placeLucyRichardson(
  module: MapsModule,
  aif: Float64Array,
  intervalS: number,
  { maximumIterations, noiseFactor }: Method<'lr'>,
): PlacedMethod {
  const system = lucyRichardsonSystem(aif, intervalS);
  const { samples, firstLag, area, shift } = system;
  const taps = system.kernel.length;
  const margin = new Array<number>(MARGIN).fill(0);
  const placeWeights = (weights: Iterable<number>) =>
    module.placeValues([...margin, ...weights, ...margin]) + MARGIN * Float32Array.BYTES_PER_ELEMENT;
  const backward = placeWeights(system.kernel);
  const forward = placeWeights(system.kernel.toReversed());
  const inverseWeights = module.placeValues(system.inverseWeights);
  const reach = taps + MARGIN;
  const listSamples = samples + 2 * reach;
  const scratch = module.placeValues(new Float32Array(LISTS * listSamples * 4));
  const bytes = 16; // of one sample of four voxels
  return {
    timesS: shiftedTimesS(samples, shift, intervalS),
    blocksPerStep: 128,
    run: ({ curves, blocks, noise, largest, indices }) =>
      module.exports.lucy_richardson(
        curves,
        blocks,
        paddedTimePoints(samples),
        samples,
        noise,
        forward,
        backward,
        taps,
        firstLag,
        inverseWeights,
        1 / area,
        maximumIterations,
        noiseFactor,
        BACKGROUND.perNoise,
        BACKGROUND.perMaximum,
        LEAST_START,
        EXTRAPOLATION_FLOOR,
        scratch,
        listSamples * bytes,
        reach * bytes,
        largest,
        indices,
      ),
  };
}

function placeOscillationLimited(
  module: MapsModule,
  aif: Float64Array,
  intervalS: number,
  target: number,
): PlacedMethod {
  const samples = aif.length;
  const spectrum = arterialSpectrum(aif, intervalS);
  const { bins, length } = spectrum;
  const levels = truncationLevels(spectrum);
  const firstKept = levels.map(level => level.firstKept);
  const all = circulantOf(columnOfBins(bins.slice(firstKept[0]), length));
  const matrix = placeMatrix(module, all.values, all.rows, all.columns);
  const taken = bins.slice(firstKept[0], firstKept.at(-1));
  const { cosines, sines } = rotationsOf(length);
  const wave = (frequency: number, of: (cosine: number, sine: number) => number) =>
    Array.from({ length: samples }, (_, n) => {
      const angle = (frequency * n) % length;
      return of(cosines[angle]!, sines[angle]!);
    });
  const parts = taken.flatMap(({ frequency, inverse: [real, imaginary] }) => [
    ...wave(frequency, (cosine, sine) => real * cosine + imaginary * sine),
    ...wave(frequency, (cosine, sine) => imaginary * cosine - real * sine),
  ]);
  const spectrumMatrix = placeMatrix(module, parts, 2 * taken.length, samples);
  const waves = module.placeValues(
    taken.flatMap(({ frequency }) => [...wave(frequency, cosine => cosine), ...wave(frequency, (_, sine) => -sine)]),
  );
  const parities = module.placeValues(taken.map(({ frequency }) => (frequency % 2 === 0 ? 1 : -1)));
  const levelCounts = module.placeIntegers(firstKept.map((first, level) => first - (firstKept[level - 1] ?? first)));
  const residues = module.place(length * BLOCK);
  const partsOf = module.place(2 * taken.length * BLOCK);
  return {
    timesS: circulantTimesS(samples, intervalS),
    blocksPerStep: 64,
    run: ({ curves, blocks, largest, indices }) =>
      module.exports.oscillation_limited(
        curves,
        blocks,
        paddedTimePoints(samples),
        samples,
        matrix,
        spectrumMatrix,
        2 * taken.length,
        waves,
        parities,
        levelCounts,
        levels.length,
        target,
        residues,
        partsOf,
        largest,
        indices,
      ),
  };
}

/** A matrix, filled up with zeros to an even number of rows and columns. */
function placeMatrix(module: MapsModule, values: ArrayLike<number>, rows: number, columns: number): number {
  const padded = paddedTimePoints(columns);
  const matrix = new Float32Array((rows + (rows % 2)) * padded);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) matrix[row * padded + column] = values[row * columns + column]!;
  }
  return module.placeValues(matrix);
}
