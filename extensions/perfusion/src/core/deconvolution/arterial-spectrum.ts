/**
 * The 2N x 2N block-circulant matrix of an arterial input, first column dt * a padded with N zeros, in the frequencies that
 * diagonalize it. Its singular values are the magnitudes; those of the frequencies 1 .. N - 1 come twice.
 */
export interface ArterialSpectrum {
  /** 2N, samples of the residue function. */
  readonly length: number;
  /** Frequencies 0 .. N, by ascending magnitude. */
  readonly bins: readonly FrequencyBin[];
  /** Largest singular value. */
  readonly maximum: number;
}

/** What inverting one frequency does to a curve: see columnOfBins and addBin. */
export interface FrequencyBin {
  /** 0 .. N, in periods per 2N samples. */
  readonly frequency: number;
  /** Singular value |F|. */
  readonly magnitude: number;
  /** 1 / (2N * F) of the coefficient F, and twice that for the frequencies that come twice: [real, imaginary]. */
  readonly inverse: readonly [real: number, imaginary: number];
}

/** Cosine and sine of 2 pi n / length for n = 0 .. length - 1. */
export interface Rotations {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

export function rotationsOf(length: number): Rotations {
  const angles = Float64Array.from({ length }, (_, n) => (2 * Math.PI * n) / length);
  return { cosines: angles.map(Math.cos), sines: angles.map(Math.sin) };
}

/** Discrete Fourier transform of a real curve, zero-padded to the length of the rotations, at one frequency. */
export function coefficientAt(
  curve: ArrayLike<number>,
  frequency: number,
  { cosines, sines }: Rotations,
): readonly [real: number, imaginary: number] {
  let real = 0;
  let imaginary = 0;
  for (let n = 0, angle = 0; n < curve.length; n++) {
    real += curve[n]! * cosines[angle]!;
    imaginary -= curve[n]! * sines[angle]!;
    angle = (angle + frequency) % cosines.length;
  }
  return [real, imaginary];
}

/** @param aif contrast of the artery, N samples. */
export function arterialSpectrum(aif: Float64Array, intervalS: number): ArterialSpectrum {
  const samples = aif.length;
  const length = 2 * samples;
  const rotations = rotationsOf(length);
  const area = aif.map(value => value * intervalS);
  const bins = Array.from({ length: samples + 1 }, (_, frequency): FrequencyBin => {
    const [real, imaginary] = coefficientAt(area, frequency, rotations);
    const magnitude = Math.hypot(real, imaginary);
    const times = frequency === 0 || frequency === samples ? 1 : 2;
    const scale = times / (magnitude * magnitude * length);
    return { frequency, magnitude, inverse: [real * scale, -imaginary * scale] };
  });
  bins.sort((a, b) => a.magnitude - b.magnitude);
  return { length, bins, maximum: bins.at(-1)!.magnitude };
}

/**
 * Adds to a residue function what one frequency contributes, or takes it away.
 * @param coefficient of the curve at that frequency.
 * @param sign 1 or -1.
 */
export function addBin(
  residue: Float64Array,
  { frequency, inverse }: FrequencyBin,
  coefficient: readonly [number, number],
  sign: number,
  { cosines, sines }: Rotations,
): void {
  const real = sign * (inverse[0] * coefficient[0] - inverse[1] * coefficient[1]);
  const imaginary = sign * (inverse[0] * coefficient[1] + inverse[1] * coefficient[0]);
  for (let n = 0, angle = 0; n < residue.length; n++) {
    residue[n]! += real * cosines[angle]! - imaginary * sines[angle]!;
    angle = (angle + frequency) % residue.length;
  }
}

/**
 * First column p of the circulant matrix that inverts some frequencies and leaves out the others, 2N samples:
 * r_i = sum over j of p_((i - j) mod 2N) c_j.
 */
export function columnOfBins(bins: readonly FrequencyBin[], length: number): Float64Array {
  const column = new Float64Array(length);
  const rotations = rotationsOf(length);
  for (const bin of bins) addBin(column, bin, [1, 0], 1, rotations);
  return column;
}
