import type { RunControl } from '../../engine/run-control.ts';
import type { Int16Volume } from '../../volume.ts';
import {
  INT16_LAYOUT,
  INT16_VOLUME_GLSL,
  int16Uniforms,
  int16VolumeUnavailable,
  ROW_BLOCK_VOXELS,
  residentInt16Volume,
} from '../../webgl2/int16-volume.ts';
import { LINEAR_INDEX_GLSL, linearTarget } from '../../webgl2/linear-target.ts';
import type { Operation } from '../../webgl2/operation.ts';
import { SHADER_HEADER, unroll } from '../../webgl2/shader-source.ts';
import { webgl2Producer } from '../../webgl2/webgl2-producer.ts';
import type { Reduction } from './twin.ts';

/** Rows that one texel of the target adds up: 64 x 128 voxels of at most 2^15 stay far below 2^31, so sums are exact. */
const ROWS_PER_TEXEL = 64;

/** Texels per draw: 2^27 voxels, well under the two seconds after which some drivers reset the GPU. */
const TEXELS_PER_DRAW = 1 << 14;

/** Components of the target: sum and maximum of a block of 128 voxels by 64 rows. */
const SHADER = `${SHADER_HEADER}${INT16_VOLUME_GLSL}${LINEAR_INDEX_GLSL}
uniform int width;
uniform int rows;
uniform int blocksPerRow;
uniform int firstTexel;
out ivec4 result;

void main() {
  int index = firstTexel + linearIndex();
  int band = index / blocksPerRow;
  int x = (index - band * blocksPerRow) * ${ROW_BLOCK_VOXELS / 4};
  int row = band * ${ROWS_PER_TEXEL};
  int end = min(row + ${ROWS_PER_TEXEL}, rows);
  ivec4 sum = ivec4(0);
  ivec4 maximum = ivec4(-32768);
  ivec4 four;
  bvec4 inside;
  for (; row < end; row++) {
${unroll(
  ROW_BLOCK_VOXELS / 4,
  texel => `inside = lessThan(ivec4(0, 1, 2, 3) + (x + ${texel}) * 4, ivec4(width));
four = voxels(x + ${texel}, row);
sum += ivec4(inside) * four;
maximum = max(maximum, ivec4(inside) * (four + 32768) - 32768);`,
)}
  }
  result = ivec4(
    sum.x + sum.y + sum.z + sum.w,
    max(max(maximum.x, maximum.y), max(maximum.z, maximum.w)),
    0, 0);
}`;

/** Same result as the reduceVolume twin, exactly, for Int16 volumes. The last additions are done here in float64. */
async function reduce(operation: Operation, volume: Int16Volume, _: null, control?: RunControl): Promise<Reduction> {
  const [width, ny, nz] = volume.dimensions;
  const rows = ny * nz;
  const { texture, layout } = await residentInt16Volume(operation, volume, control);
  const program = await operation.program({ fragment: SHADER });
  const blocksPerRow = Math.ceil(width / ROW_BLOCK_VOXELS);
  const texels = blocksPerRow * Math.ceil(rows / ROWS_PER_TEXEL);
  const parts = new Int32Array(texels * 4);
  const target = linearTarget(operation, 'RGBA32I', Math.min(TEXELS_PER_DRAW, texels));
  for (let firstTexel = 0; firstTexel < texels; firstTexel += TEXELS_PER_DRAW) {
    await control?.step(firstTexel, texels);
    operation.timed(() =>
      operation.draw({
        program,
        target,
        textures: { volume: texture },
        uniforms: { ...int16Uniforms(layout), width, rows, blocksPerRow, firstTexel },
      }),
    );
    const count = Math.min(TEXELS_PER_DRAW, texels - firstTexel) * 4;
    await operation.read({ source: target, destination: parts, offset: firstTexel * 4, count });
  }

  let sum = 0;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let part = 0; part < parts.length; part += 4) {
    sum += parts[part]!;
    maximum = Math.max(maximum, parts[part + 1]!);
  }
  return { sum, maximum };
}

export const reductionWebgl2 = webgl2Producer<Int16Volume, null, Reduction>({
  unavailable: int16VolumeUnavailable,
  layout: INT16_LAYOUT,
  compute: reduce,
});
