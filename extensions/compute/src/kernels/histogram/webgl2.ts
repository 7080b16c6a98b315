import type { RunControl } from '../../engine/run-control.ts';
import type { Int16Volume, VoxelVolume } from '../../volume.ts';
import { INT16_VOXEL_GLSL, int16ScatterUnavailable } from '../../webgl2/int16-scatter.ts';
import { INT16_LAYOUT, int16Uniforms, residentInt16Volume } from '../../webgl2/int16-volume.ts';
import { LINEAR_POINT_GLSL, linearTarget } from '../../webgl2/linear-target.ts';
import type { Operation } from '../../webgl2/operation.ts';
import { SHADER_HEADER } from '../../webgl2/shader-source.ts';
import { webgl2Producer } from '../../webgl2/webgl2-producer.ts';
import { assertHistogram, type HistogramParameters } from './twin.ts';

/** A bin may get all of them, and float32 counts are exact to 2^24 only; a quarter of that keeps a draw short. */
const POINTS_PER_DRAW = 1 << 22;

/** A point per voxel, placed on its bin. */
const VERTEX_SHADER = `${SHADER_HEADER}${INT16_VOXEL_GLSL}${LINEAR_POINT_GLSL}
uniform int firstVoxel;
uniform int lowest;
uniform int binWidth;
uniform int bins;

void main() {
  int above = voxelValue(firstVoxel + gl_VertexID) - lowest;
  int bin = above / binWidth;
  placePoint(above < 0 || bin >= bins ? -1 : bin);
}`;

const FRAGMENT_SHADER = `${SHADER_HEADER}
out float one;
void main() {
  one = 1.0;
}`;

function unavailable(volume: VoxelVolume, { lowest, binWidth }: HistogramParameters): string | null {
  const areIntegers = [lowest, binWidth].every(value => Number.isInteger(value) && Math.abs(value) <= 2 ** 30);
  return int16ScatterUnavailable(volume) ?? (areIntegers ? null : 'it counts bins on integers only');
}

/** Same result as the histogramOf twin, exactly, for Int16 volumes and bins on integers. */
async function histogram(
  operation: Operation,
  volume: Int16Volume,
  parameters: HistogramParameters,
  control?: RunControl,
): Promise<Uint32Array> {
  assertHistogram(parameters);
  const { lowest, binWidth, bins } = parameters;
  const { voxels, dimensions } = volume;
  const { texture, layout } = await residentInt16Volume(operation, volume, control);
  const program = await operation.program({ vertex: VERTEX_SHADER, fragment: FRAGMENT_SHADER });
  const target = linearTarget(operation, 'R32F', bins);
  const counts = new Uint32Array(bins);
  const counted = new Float32Array(bins);
  for (let firstVoxel = 0; firstVoxel < voxels.length; firstVoxel += POINTS_PER_DRAW) {
    await control?.step(firstVoxel, voxels.length);
    operation.clear(target, [0, 0, 0, 0]);
    operation.timed(() =>
      operation.drawPoints({
        program,
        target,
        textures: { volume: texture },
        uniforms: {
          ...int16Uniforms(layout),
          width: dimensions[0],
          targetHeight: target.height,
          firstVoxel,
          lowest,
          binWidth,
          bins,
        },
        count: Math.min(POINTS_PER_DRAW, voxels.length - firstVoxel),
        blend: 'add',
      }),
    );
    await operation.read({ source: target, destination: counted, offset: 0, count: bins });
    for (let bin = 0; bin < bins; bin++) counts[bin]! += counted[bin]!;
  }
  return counts;
}

export const histogramWebgl2 = webgl2Producer({
  unavailable,
  layout: INT16_LAYOUT,
  compute: histogram,
});
