import { bufferBytes } from '../../engine/memory.ts';
import type { RunControl } from '../../engine/run-control.ts';
import type { Int16Volume, VoxelVolume } from '../../volume.ts';
import { int16ScatterUnavailable } from '../../webgl2/int16-scatter.ts';
import { INT16_LAYOUT, int16Threshold, int16Uniforms, residentInt16Volume } from '../../webgl2/int16-volume.ts';
import { LINEAR_WIDTH, linearShape, linearTarget } from '../../webgl2/linear-target.ts';
import type { Operation } from '../../webgl2/operation.ts';
import type { PingPong } from '../../webgl2/ping-pong.ts';
import { sharedDevice } from '../../webgl2/shared-device.ts';
import { webgl2Producer } from '../../webgl2/webgl2-producer.ts';
import type { GpuLabelsParameters, LabeledRuns } from './index.ts';
import { LabelImageReader } from './label-image.ts';
import {
  COMPRESS_SHADER,
  HOOK_FRAGMENT_SHADER,
  HOOK_VERTEX_SHADER,
  INITIAL_SHADER,
  MOST_LABELS,
  minimumShader,
  OUTSIDE,
} from './shaders.ts';

/** Pixels that are labeled at a time: whole slices, and at least one. Four textures of 4 MB. */
const BATCH_PIXELS = 2 ** 20;
/** Waiting for the GPU's answer costs more than a round that was not needed. */
const ROUNDS_PER_CHECK = 4;
/** Of noise; long, thin shapes need some more. */
const USUAL_ROUNDS = 6;
/** Far above what any shape in the tests needs. Every round joins each component that has a smaller neighbor to it. */
const MOST_ROUNDS = 64;

/** Why this thread's GPU cannot label this volume, or null when it can. */
function gpuLabelsUnavailable(volume: VoxelVolume): string | null {
  const [width, rowsPerSlice] = volume.dimensions;
  const pixels = width * rowsPerSlice;
  if (pixels > MOST_LABELS) {
    return `slices of ${width} x ${rowsPerSlice} pixels are larger than labels in float32 can count (2^24)`;
  }
  const reason = int16ScatterUnavailable(volume);
  if (reason) return reason;
  const { maximumTextureSize } = sharedDevice().capabilities;
  if (pixels > LINEAR_WIDTH * maximumTextureSize) {
    return `slices of ${width} x ${rowsPerSlice} pixels do not fit this GPU's textures`;
  }
  return null;
}

/** Same runs and labels as labelRuns gives for single slices, numbers included, for Int16 volumes. */
async function gpuLabels(
  operation: Operation,
  volume: Int16Volume,
  { threshold, connectivity }: GpuLabelsParameters,
  control?: RunControl,
): Promise<LabeledRuns> {
  const [width, rowsPerSlice, slices] = volume.dimensions;
  const slicePixels = width * rowsPerSlice;
  const { texture, layout } = await residentInt16Volume(operation, volume, control);
  const initialProgram = await operation.program({ fragment: INITIAL_SHADER });
  const labeling = await programs(operation, connectivity);

  const reader = new LabelImageReader(width, slices * rowsPerSlice, OUTSIDE);
  const most = Math.min(BATCH_PIXELS, LINEAR_WIDTH * operation.capabilities.maximumTextureSize);
  const slicesPerBatch = Math.max(1, Math.floor(most / slicePixels));
  for (let slice = 0; slice < slices; slice += slicesPerBatch) {
    const batchSlices = Math.min(slicesPerBatch, slices - slice);
    const pixels = batchSlices * slicePixels;
    const batch: Batch = {
      pixels,
      width,
      rowsPerSlice,
      labels: operation.pingPong(linearShape('R32F', pixels)),
      minima: linearTarget(operation, 'R32F', pixels),
      hooks: linearTarget(operation, 'R32F', pixels),
    };
    const uniforms = {
      ...int16Uniforms(layout),
      width,
      firstVoxel: slice * slicePixels,
      pixels,
      threshold: int16Threshold(threshold),
    };
    operation.timed(() =>
      operation.draw({ program: initialProgram, target: batch.labels.target, textures: { volume: texture }, uniforms }),
    );
    batch.labels.swap();
    // Nobody knows how many rounds there will be; half of them are taken to be done after the usual number.
    const step = async (round: number) => control?.step(slice + (batchSlices * round) / (round + USUAL_ROUNDS), slices);
    await settle(operation, labeling, batch, step);
    const image = new Float32Array(pixels);
    await operation.read({ source: batch.labels.source, destination: image, offset: 0, count: pixels });
    operation.release(...batch.labels.textures, batch.minima, batch.hooks);
    reader.append(image);
  }
  const result = reader.result();
  operation.workBytes = reader.peakBytes - bufferBytes(result) + BATCH_PIXELS * Float32Array.BYTES_PER_ELEMENT;
  return result;
}

type Programs = Awaited<ReturnType<typeof programs>>;

async function programs(operation: Operation, connectivity: 4 | 8) {
  return {
    minimum: await operation.program({ fragment: minimumShader(connectivity) }),
    hook: await operation.program({ vertex: HOOK_VERTEX_SHADER, fragment: HOOK_FRAGMENT_SHADER }),
    compress: await operation.program({ fragment: COMPRESS_SHADER }),
  };
}

interface Batch {
  readonly pixels: number;
  readonly width: number;
  readonly rowsPerSlice: number;
  readonly labels: PingPong;
  readonly minima: ReturnType<Operation['texture']>;
  readonly hooks: ReturnType<Operation['texture']>;
}

/**
 * Joins and compresses until no pixel has a neighbor with another label. Each component then has one label, and it is
 * that of the component's first pixel: no label is larger than its pixel's, and none leaves the component.
 */
async function settle(
  operation: Operation,
  labeling: Programs,
  batch: Batch,
  step: (round: number) => Promise<void>,
): Promise<void> {
  const find = () => findMinima(operation, labeling, batch);
  const join = () => hook(operation, labeling, batch);
  const shorten = () => compress(operation, labeling, batch);
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    await step(round);
    operation.timed(find);
    if (round % ROUNDS_PER_CHECK > 0) {
      operation.timed(join);
    } else {
      const isJoining = await operation.drawsAnything(() => operation.timed(join));
      if (!isJoining) return;
    }
    operation.timed(shorten);
  }
  throw new Error(`labels on the GPU did not settle in ${MOST_ROUNDS} rounds`);
}

function findMinima(operation: Operation, { minimum: program }: Programs, batch: Batch): void {
  const { width, rowsPerSlice, labels, minima } = batch;
  const uniforms = { width, rowsPerSlice };
  operation.draw({ program, target: minima, textures: { labels: labels.source }, uniforms });
}

/** Takes the smallest label beside each pixel to the pixel's parent. Draws nothing where all are joined. */
function hook(operation: Operation, { hook: program }: Programs, { pixels, labels, minima, hooks }: Batch): void {
  operation.clear(hooks, [OUTSIDE, 0, 0, 0]);
  operation.drawPoints({
    program,
    target: hooks,
    textures: { labels: labels.source, minima },
    uniforms: { targetHeight: hooks.height },
    count: pixels,
    blend: 'minimum',
  });
}

function compress(operation: Operation, { compress: program }: Programs, { labels, hooks }: Batch): void {
  operation.draw({ program, target: labels.target, textures: { labels: labels.source, hooks } });
  labels.swap();
}

export const gpuLabelsWebgl2 = webgl2Producer({
  unavailable: gpuLabelsUnavailable,
  layout: INT16_LAYOUT,
  compute: gpuLabels,
});
