import type { RunMeasurement } from '../../engine/kernel.ts';
import type { RunControl } from '../../engine/run-control.ts';
import type { ValuedRuns } from '../../twins/valued-runs.ts';
import type { Int16Volume } from '../../volume.ts';
import { ensureBytes, instantiateWasm } from '../wasm-module.ts';
import { borrowGathered, type GatheredRuns, giveBack, spareBytes } from './gathered-runs.ts';
import moduleBase64 from './threshold-runs.wasm.generated.ts';

interface RunsModule {
  readonly memory: WebAssembly.Memory;
  threshold_runs(
    source: number,
    rows: number,
    width: number,
    lowest: number,
    starts: number,
    ends: number,
    rowEnds: number,
    values: number,
    sums: number,
    peaks: number,
  ): [runs: number, values: number];
}

/** Bytes of voxels copied into WebAssembly memory at a time: large enough to hide the call, small enough for the cache. */
const CHUNK_BYTES = 1 << 19;
const INT16_MIN = -32768;
const INT16_MAX = 32767;
/** Rows of more voxels may have runs whose sum is no 32-bit integer. */
const WIDEST_MEASURED = 65_535;
/** Bytes that the module may read behind the voxels, and write behind the values. */
const SLACK_BYTES = 64;

let compiled: Promise<RunsModule> | undefined;
let held = 0;

/** Bytes of the module's memory in this thread, one chunk and what comes of it, and of what is kept for gathering runs. */
export const heldBytes = () => held + spareBytes();

/** Compiled once per thread. */
export function runsModule(): Promise<RunsModule> {
  compiled ??= instantiateWasm<RunsModule>(moduleBase64);
  return compiled;
}

/** Same result as the thresholdRuns twin, exactly, for Int16 volumes. Voxels are read once, and no mask is stored. */
export async function thresholdRunsWasm(
  { voxels, dimensions }: Int16Volume,
  threshold: number,
  control?: RunControl,
  measurement?: RunMeasurement,
): Promise<ValuedRuns> {
  const [width, ny, nz] = dimensions;
  const rows = ny * nz;
  const rowStart = new Int32Array(rows + 1);
  const lowest = Math.max(INT16_MIN, Math.ceil(threshold)); // on integers, value >= threshold is value >= ceil(threshold)
  const gathered = borrowGathered();
  try {
    if (lowest <= INT16_MAX) await gather(gathered, { voxels, dimensions }, lowest, rowStart, control);
    const { start, end, values, sum, peak } = gathered;
    const found = {
      runs: { start: start.take(), end: end.take(), rowStart, count: start.length },
      values: values.take(),
      ...(width <= WIDEST_MEASURED && { measures: { sum: sum.take(), peak: peak.take() } }),
    };
    if (measurement) measurement.workBytes = rowStart.byteLength + gathered.peakBytes - gathered.keptBytes;
    return found;
  } finally {
    giveBack(gathered);
  }
}

/** Finds the runs chunk by chunk. */
async function gather(
  { start, end, values, sum, peak }: GatheredRuns,
  { voxels, dimensions: [width, ny, nz] }: Int16Volume,
  lowest: number,
  rowStart: Int32Array,
  control?: RunControl,
): Promise<void> {
  const rows = ny * nz;
  const { memory, threshold_runs } = await runsModule();
  const chunk = chunkLayout(width, Math.max(1, Math.min(rows, Math.floor(CHUNK_BYTES / 2 / width))));
  for (let first = 0; first < rows; first += chunk.rows) {
    await control?.step(first, rows);
    // Another run can have used the memory during the step, and grown it, which makes views anew necessary.
    held = ensureBytes(memory, chunk.bytes);
    const int16 = new Int16Array(memory.buffer);
    const int32 = new Int32Array(memory.buffer);
    const chunkRows = Math.min(chunk.rows, rows - first);
    int16.set(voxels.subarray(first * width, (first + chunkRows) * width), chunk.source >> 1);
    const before = start.length;
    const [runs, valueCount] = threshold_runs(
      chunk.source,
      chunkRows,
      width,
      lowest,
      chunk.starts,
      chunk.ends,
      chunk.rowEnds,
      chunk.values,
      chunk.sums,
      chunk.peaks,
    );
    start.append(int32.subarray(chunk.starts >> 2, (chunk.starts >> 2) + runs));
    end.append(int32.subarray(chunk.ends >> 2, (chunk.ends >> 2) + runs));
    values.append(int16.subarray(chunk.values >> 1, (chunk.values >> 1) + valueCount));
    sum.append(int32.subarray(chunk.sums >> 2, (chunk.sums >> 2) + runs));
    peak.append(int16.subarray(chunk.peaks >> 1, (chunk.peaks >> 1) + runs));
    for (let row = 0; row < chunkRows; row++) rowStart[first + row + 1] = before + int32[(chunk.rowEnds >> 2) + row]!;
  }
}

/** Byte addresses of a chunk's parts, each with room for the most that so many rows can need. */
function chunkLayout(width: number, rows: number) {
  let bytes = 0;
  const place = (size: number) => {
    const address = bytes;
    bytes += Math.ceil((size + SLACK_BYTES) / 16) * 16;
    return address;
  };
  const mostRuns = rows * Math.ceil(width / 2);
  const source = place(rows * width * 2);
  const starts = place(mostRuns * 4);
  const ends = place(mostRuns * 4);
  const rowEnds = place(rows * 4);
  const values = place(rows * width * 2);
  const sums = place(mostRuns * 4);
  const peaks = place(mostRuns * 2);
  return { rows, source, starts, ends, rowEnds, values, sums, peaks, bytes };
}
