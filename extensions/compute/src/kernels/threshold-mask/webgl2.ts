import type { RunControl } from '../../engine/run-control.ts';
import { type BitMask, emptyMask } from '../../twins/bit-mask.ts';
import type { Int16Volume } from '../../volume.ts';
import {
  INT16_LAYOUT,
  INT16_VOLUME_GLSL,
  int16Threshold,
  int16Uniforms,
  int16VolumeUnavailable,
  ROW_BLOCK_VOXELS,
  residentInt16Volume,
} from '../../webgl2/int16-volume.ts';
import { LINEAR_INDEX_GLSL, linearTarget } from '../../webgl2/linear-target.ts';
import type { Operation } from '../../webgl2/operation.ts';
import { SHADER_HEADER, unroll } from '../../webgl2/shader-source.ts';
import { webgl2Producer } from '../../webgl2/webgl2-producer.ts';

/** Texels per draw: 2^27 voxels, well under the two seconds after which some drivers reset the GPU. */
const BAND_TEXELS = 1 << 20;

/** 32 voxels, read as 8 texels, to one component of the output. */
const word = (component: number) =>
  `bits = 0u;
${unroll(8, texel => {
  const x = `x + ${component * 8 + texel}`;
  return `inside = uvec4(greaterThanEqual(voxels(${x}, row), lowest));
bits |= (inside.x | (inside.y << 1) | (inside.z << 2) | (inside.w << 3)) << ${texel * 4};`;
})}
words.${'xyzw'[component]} = bits;`;

/** One texel of the target is 128 voxels of a row: four words of the mask. */
const SHADER = `${SHADER_HEADER}${INT16_VOLUME_GLSL}${LINEAR_INDEX_GLSL}
uniform int threshold;
uniform int blocksPerRow;
uniform int firstBlock;
out uvec4 words;

void main() {
  int block = firstBlock + linearIndex();
  int row = block / blocksPerRow;
  int x = (block - row * blocksPerRow) * ${ROW_BLOCK_VOXELS / 4};
  ivec4 lowest = ivec4(threshold);
  uvec4 inside;
  uint bits;
${unroll(4, word)}
}`;

export const thresholdMaskWebgl2 = webgl2Producer({
  unavailable: int16VolumeUnavailable,
  layout: INT16_LAYOUT,
  compute: thresholdMask,
});

/** Same result as the thresholdMask twin, bit for bit, for Int16 volumes. */
async function thresholdMask(
  operation: Operation,
  volume: Int16Volume,
  { threshold }: { readonly threshold: number },
  control?: RunControl,
): Promise<BitMask> {
  const [width, ny, nz] = volume.dimensions;
  const mask = emptyMask(width, ny * nz);
  const { texture, layout } = await residentInt16Volume(operation, volume, control);
  const program = await operation.program({ fragment: SHADER });

  const blocksPerRow = Math.ceil(width / ROW_BLOCK_VOXELS);
  const blocks = blocksPerRow * mask.rows;
  // Where rows fill whole texels, the target's memory is the mask's; otherwise the padding is left out row by row.
  const isMask = width % ROW_BLOCK_VOXELS === 0;
  const words = isMask ? mask.words : new Uint32Array(blocks * 4);
  for (let firstBlock = 0; firstBlock < blocks; firstBlock += BAND_TEXELS) {
    await control?.step(firstBlock, blocks);
    const bandBlocks = Math.min(BAND_TEXELS, blocks - firstBlock);
    const target = linearTarget(operation, 'RGBA32UI', bandBlocks);
    operation.timed(() =>
      operation.draw({
        program,
        target,
        textures: { volume: texture },
        uniforms: { ...int16Uniforms(layout), threshold: int16Threshold(threshold), blocksPerRow, firstBlock },
      }),
    );
    await operation.read({ source: target, destination: words, offset: firstBlock * 4, count: bandBlocks * 4 });
    operation.release(target);
  }
  if (isMask) return mask;
  operation.workBytes = words.byteLength;
  copyRows(words, blocksPerRow * 4, mask);
  return mask;
}

/** Copies the words of every row, without the bits past the width: the texels there hold anything. */
function copyRows(padded: Uint32Array, stride: number, { words, width, rows, wordsPerRow }: BitMask): void {
  const lastWord = width & 31 ? (1 << (width & 31)) - 1 : -1;
  for (let row = 0; row < rows; row++) {
    for (let word = 0; word < wordsPerRow; word++) words[row * wordsPerRow + word] = padded[row * stride + word]!;
    words[(row + 1) * wordsPerRow - 1]! &= lastWord;
  }
}
