/** Gaussian noise of the phantom: seeded, and the same integers on every machine. */

// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { abs, floor, imul, max, min } = Math;

/** Truncation of the noise in standard deviations. */
export const truncation = 3.5;

/** Source of uniform unsigned 32-bit integers (mulberry32); integer operations only, hence exact everywhere. */
export function randomIntegers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = imul(state ^ (state >>> 15), 1 | state);
    value = (value + imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return (value ^ (value >>> 14)) >>> 0;
  };
}

/** Steps of the quantile table per standard deviation. */
const stepsPerDeviation = 160;
const tableSize = 65536;

/**
 * Quantiles of the standard normal distribution: entry i is the value at probability (i + 0.5) / 65536, in steps of 1/160
 * standard deviation. The density follows from a recurrence of multiplications, because IEEE 754 fixes + and x to the last
 * bit, and leaves exp, log and cos to the engine.
 */
function normalQuantiles(): Int16Array {
  const step = 1 / stepsPerDeviation;
  const halfSquare = (step * step) / 2;
  // exp(-step²/2) by its series; the fourth term is below 1e-19
  const ratio = 1 - halfSquare + (halfSquare * halfSquare) / 2 - (halfSquare * halfSquare * halfSquare) / 6;
  const last = 5 * stepsPerDeviation;
  const density = new Float64Array(last + 1);
  let value = 1;
  let factor = ratio;
  let total = 0;
  for (let index = 0; index <= last; index++) {
    density[index] = value;
    total += index === 0 ? value : 2 * value;
    value *= factor;
    factor *= ratio * ratio;
  }
  const table = new Int16Array(tableSize);
  let position = -last;
  let cumulated = density[last]!;
  for (let index = 0; index < tableSize; index++) {
    const target = ((index + 0.5) / tableSize) * total;
    while (cumulated < target && position < last) {
      position++;
      cumulated += density[abs(position)]!;
    }
    table[index] = position;
  }
  return table;
}

/**
 * Makes a generator of noise slices.
 *
 * Independent normal values are smoothed in the plane by the binomial kernel [1 2 1] x [1 2 1], because the noise of a soft
 * reconstruction kernel is grainy and not like snow, scaled back to the wanted standard deviation (the kernel's norm is 6),
 * rounded to whole HU and truncated at ±3.5 standard deviations.
 * @returns function that fills a slice of columns x rows with noise in HU; each call draws the next slice
 */
export function noiseSlices(
  seed: number,
  columns: number,
  rows: number,
  standardDeviationHu: number,
): (target: Int16Array) => void {
  const next = randomIntegers(seed);
  const quantiles = normalQuantiles();
  const scale = standardDeviationHu / (stepsPerDeviation * 6);
  const limit = floor(standardDeviationHu * truncation);
  const paddedColumns = columns + 2;
  const white = new Int16Array(paddedColumns * (rows + 2));
  const smoothed = new Int32Array(columns * (rows + 2));
  return target => {
    for (let index = 0; index < white.length; index += 2) {
      const bits = next();
      white[index] = quantiles[bits & 0xffff]!;
      white[index + 1] = quantiles[bits >>> 16]!;
    }
    for (let row = 0; row < rows + 2; row++) {
      for (let column = 0; column < columns; column++) {
        const at = row * paddedColumns + column;
        smoothed[row * columns + column] = white[at]! + 2 * white[at + 1]! + white[at + 2]!;
      }
    }
    for (let index = 0; index < target.length; index++) {
      const sum = smoothed[index]! + 2 * smoothed[index + columns]! + smoothed[index + 2 * columns]!;
      const hu = floor(sum * scale + 0.5);
      target[index] = max(-limit, min(limit, hu));
    }
  };
}
