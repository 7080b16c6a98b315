const { cos, floor, imul, log, sqrt, PI } = Math;

/** Normal numbers of mean 0 and SD 1, the same for the same seed (mulberry32, Box and Muller). */
export function normalNoise(seed: number): () => number {
  let state = floor(seed) >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = imul(t ^ (t >>> 15), t | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => sqrt(-2 * log(1 - uniform())) * cos(2 * PI * uniform());
}

/** A curve with normal noise of a standard deviation added. */
export function withNoise(curve: Float64Array, sd: number, noise: () => number): Float64Array {
  return sd === 0 ? curve : curve.map(value => value + sd * noise());
}
