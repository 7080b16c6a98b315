/** Times of the residue samples of a lower-triangular method: 0, dt, 2 dt ..., s. */
export function triangularTimesS(samples: number, intervalS: number): Float64Array {
  return Float64Array.from({ length: samples }, (_, sample) => sample * intervalS);
}

/** Times of the 2N residue samples of a block-circulant method, s: those above N are negative. */
export function circulantTimesS(samples: number, intervalS: number): Float64Array {
  return Float64Array.from(
    { length: 2 * samples },
    (_, sample) => (sample > samples ? sample - 2 * samples : sample) * intervalS,
  );
}

/** Times of the residue samples of Lucy-Richardson, s: see LucyRichardsonSystem. */
export function shiftedTimesS(samples: number, shift: number, intervalS: number): Float64Array {
  return Float64Array.from({ length: samples }, (_, sample) => (sample - shift) * intervalS);
}
