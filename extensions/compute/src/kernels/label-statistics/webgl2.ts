import type { RunControl } from '../../engine/run-control.ts';
import type { RunList } from '../../twins/runs.ts';
import type { Int16Volume } from '../../volume.ts';
import { INT16_VOXEL_GLSL, int16ScatterUnavailable } from '../../webgl2/int16-scatter.ts';
import { INT16_LAYOUT, int16Uniforms, residentInt16Volume } from '../../webgl2/int16-volume.ts';
import { LINEAR_POINT_GLSL, LINEAR_WIDTH, linearTarget } from '../../webgl2/linear-target.ts';
import type { Operation } from '../../webgl2/operation.ts';
import { SHADER_HEADER } from '../../webgl2/shader-source.ts';
import { webgl2Producer } from '../../webgl2/webgl2-producer.ts';
import type { LabelStatistics, LabelStatisticsParameters } from './twin.ts';

/**
 * Float32 is exact to 2^24. Values are added as two bytes of at most 255, so 2^16 points can never exceed it; every
 * group of 2^16 points has texels of its own, and the groups are added in float64.
 */
const GROUP_BITS = 16;
const GROUP_POINTS = 1 << GROUP_BITS;
const MOST_GROUPS = 16;
/** Lower than every int16, so that any voxel is a new peak. */
const NO_PEAK = -32769;

/** A point per voxel of a component: count and both bytes are added, the largest value stays. */
const VERTEX_SHADER = `${SHADER_HEADER}${INT16_VOXEL_GLSL}${LINEAR_POINT_GLSL}
layout(location = 0) in uint voxel;
layout(location = 1) in uint label;
uniform int labelCount;
flat out vec4 parts;

void main() {
  int value = voxelValue(int(voxel));
  int raised = value + 32768;
  parts = vec4(1.0, float(raised & 255), float(raised >> 8), float(value));
  placePoint((gl_VertexID >> ${GROUP_BITS}) * labelCount + int(label));
}`;

const FRAGMENT_SHADER = `${SHADER_HEADER}
flat in vec4 parts;
out vec4 result;
void main() {
  result = parts;
}`;

/** Same counts, peaks and sums as the componentStatistics twin, exactly, for Int16 volumes. */
async function labelStatistics(
  operation: Operation,
  volume: Int16Volume,
  { runs, labels }: LabelStatisticsParameters,
  control?: RunControl,
): Promise<LabelStatistics> {
  const { count: labelCount } = labels;
  const voxelCount = new Int32Array(labelCount);
  const peak = new Float64Array(labelCount).fill(Number.NEGATIVE_INFINITY);
  const sum = new Float64Array(labelCount);
  if (labelCount === 0) return { voxelCount, peak, sum };

  const width = volume.dimensions[0];
  const { texture, layout } = await residentInt16Volume(operation, volume, control);
  const program = await operation.program({ vertex: VERTEX_SHADER, fragment: FRAGMENT_SHADER });
  const room = Math.floor((LINEAR_WIDTH * operation.capabilities.maximumTextureSize) / labelCount);
  const points = pointCount(runs);
  const groups = Math.max(1, Math.min(MOST_GROUPS, room, Math.ceil(points / GROUP_POINTS)));
  const target = linearTarget(operation, 'RGBA32F', groups * labelCount);
  const totals = new Float32Array(groups * labelCount * 4);

  let done = 0;
  for (const { voxels, labelOfPoint, count } of pointBatches(runs, labels.label, width, groups * GROUP_POINTS)) {
    await control?.step(done, points);
    done += count;
    const voxelBuffer = operation.vertexBuffer(voxels);
    const labelBuffer = operation.vertexBuffer(labelOfPoint);
    operation.clear(target, [0, 0, 0, NO_PEAK]);
    operation.timed(() =>
      operation.drawPoints({
        program,
        target,
        textures: { volume: texture },
        uniforms: { ...int16Uniforms(layout), width, targetHeight: target.height, labelCount },
        attributes: [
          { location: 0, buffer: voxelBuffer, offsetBytes: 0 },
          { location: 1, buffer: labelBuffer, offsetBytes: 0 },
        ],
        count,
        blend: 'add, maximum of alpha',
      }),
    );
    await operation.read({ source: target, destination: totals, offset: 0, count: totals.length });
    operation.releaseBuffer(voxelBuffer);
    operation.releaseBuffer(labelBuffer);
    for (let slot = 0; slot < groups * labelCount; slot++) {
      const counted = totals[slot * 4]!;
      if (counted === 0) continue;
      const label = slot % labelCount;
      voxelCount[label]! += counted;
      sum[label]! += totals[slot * 4 + 1]! + 256 * totals[slot * 4 + 2]! - 32768 * counted;
      peak[label] = Math.max(peak[label]!, totals[slot * 4 + 3]!);
    }
  }
  return { voxelCount, peak, sum };
}

interface PointBatch {
  readonly voxels: Uint32Array;
  readonly labelOfPoint: Uint32Array;
  readonly count: number;
}

function pointCount({ start, end, count }: RunList): number {
  let points = 0;
  for (let run = 0; run < count; run++) points += end[run]! - start[run]!;
  return points;
}

/** Voxel index and label of every voxel in a run, at most so many at a time. The arrays are used again. */
function* pointBatches(runs: RunList, labelOfRun: Int32Array, width: number, most: number): Iterable<PointBatch> {
  const size = Math.min(most, Math.max(1, pointCount(runs)));
  const voxels = new Uint32Array(size);
  const labelOfPoint = new Uint32Array(size);
  let count = 0;
  for (let row = 0; row < runs.rowStart.length - 1; row++) {
    for (let run = runs.rowStart[row]!; run < runs.rowStart[row + 1]!; run++) {
      for (let x = runs.start[run]!; x < runs.end[run]!; x++) {
        voxels[count] = row * width + x;
        labelOfPoint[count++] = labelOfRun[run]!;
        if (count < size) continue;
        yield { voxels, labelOfPoint, count };
        count = 0;
      }
    }
  }
  if (count > 0) yield { voxels, labelOfPoint, count };
}

export const labelStatisticsWebgl2 = webgl2Producer({
  unavailable: int16ScatterUnavailable,
  layout: INT16_LAYOUT,
  compute: labelStatistics,
});
