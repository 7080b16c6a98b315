/** The value that a part (0 to 1) of the values does not exceed (nearest rank). */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Slope of the line of least squares through points: units of y per unit of x. NaN for less than two points. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const sum = (term: (x: number, y: number) => number) => points.reduce((total, [x, y]) => total + term(x, y), 0);
  return sum((x, y) => (x - meanX) * (y - meanY)) / sum(x => (x - meanX) ** 2);
}

/** How long work takes, again and again, in milliseconds. The first runs, in which caches fill, do not count. */
export async function timesOf(runs: number, work: (run: number) => Promise<unknown>, warmUps = 3): Promise<number[]> {
  const timesMs: number[] = [];
  for (let run = -warmUps; run < runs; run++) {
    const startedMs = performance.now();
    await work(run);
    if (run >= 0) timesMs.push(performance.now() - startedMs);
  }
  return timesMs;
}
