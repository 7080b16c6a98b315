import type { DeconvolutionMethod } from '../deconvolution-method.ts';
import { assertArterialInput } from './arterial-input.ts';
import { arterialSpectrum, columnOfBins } from './arterial-spectrum.ts';
import { circulantTimesS, triangularTimesS } from './residue-times.ts';
import { singularValues } from './singular-values.ts';

/** Methods that are one matrix for all curves of an arterial input. */
export type LinearMethod = Extract<DeconvolutionMethod, { readonly name: 'ssvd' | 'csvd' | 'tikhonov' }>;

export interface ResidueMatrix {
  /** L samples of a residue function. */
  readonly rows: number;
  /** N samples of a curve. */
  readonly columns: number;
  /** Residue functions, 1/s, are this times curves; row after row. */
  readonly values: Float64Array;
  /** Time of every sample of a residue function, s. */
  readonly timesS: Float64Array;
}

/**
 * The matrix that a linear method multiplies curves with.
 *
 * - csvd: the block-circulant matrix of 2N samples (Wu et al., Magn Reson Med 2003;50:164), singular values below truncation *
 *   largest set to zero. L = 2N; samples above N are negative times. Found in frequencies, which diagonalize it.
 * - ssvd: lower-triangular matrix A_ij = dt * a_(i - j), singular values below truncation * largest set to zero (Ostergaard et
 *   al., Magn Reson Med 1996;36:715). L = N.
 * - tikhonov: the same matrix, singular values s inverted to s / (s^2 + lambda^2) with lambda = truncation * largest. L = N.
 *
 * @param aif contrast of the artery, N samples.
 * @throws ArterialInputError
 */
export function residueMatrix(aif: Float64Array, intervalS: number, { name, truncation }: LinearMethod): ResidueMatrix {
  assertArterialInput(aif, intervalS);
  return name === 'csvd'
    ? circulantMatrix(aif, intervalS, truncation)
    : triangularMatrix(aif, intervalS, truncation, name === 'ssvd');
}

function circulantMatrix(aif: Float64Array, intervalS: number, truncation: number): ResidueMatrix {
  const { bins, maximum, length } = arterialSpectrum(aif, intervalS);
  const column = columnOfBins(
    bins.filter(({ magnitude }) => magnitude >= truncation * maximum && magnitude > 0),
    length,
  );
  return { ...circulantOf(column), timesS: circulantTimesS(aif.length, intervalS) };
}

/** Its rows, cut off after half of the columns, because the other half of the observation is padding. */
export function circulantOf(column: Float64Array): Pick<ResidueMatrix, 'rows' | 'columns' | 'values'> {
  const rows = column.length;
  const columns = rows / 2;
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) values[i * columns + j] = column[(i - j + rows) % rows]!;
  }
  return { rows, columns, values };
}

function triangularMatrix(aif: Float64Array, intervalS: number, truncation: number, isCut: boolean): ResidueMatrix {
  const samples = aif.length;
  const columns = Array.from({ length: samples }, (_, column) =>
    Float64Array.from({ length: samples }, (_, row) => (row < column ? 0 : intervalS * aif[row - column]!)),
  );
  const { values: singular, scaledLeft, right } = singularValues(columns);
  const limit = truncation * singular[0]!;
  const values = new Float64Array(samples * samples);
  for (let index = 0; index < samples; index++) {
    const square = singular[index]! ** 2;
    if (square === 0 || (isCut && singular[index]! < limit)) continue;
    // The left vectors carry a singular value, so that its inverse is divided by it once more.
    const weight = isCut ? 1 / square : 1 / (square + limit * limit);
    for (let row = 0; row < samples; row++) {
      const factor = weight * right[index]![row]!;
      for (let column = 0; column < samples; column++) {
        values[row * samples + column]! += factor * scaledLeft[index]![column]!;
      }
    }
  }
  return { rows: samples, columns: samples, values, timesS: triangularTimesS(samples, intervalS) };
}
