import { type BitMask, emptyMask } from '@voxelwise/compute/twins';
import { THRESHOLD_HU } from '../answers.ts';
import type { Contender, OpenContender } from './contender.ts';

type Mode = 'gpu' | 'webasm' | 'cpu';

/** The part of gpu.js's interface that is used here. Its own types do not know the mode webasm. */
interface GpuJsConstructor {
  new (settings: {
    mode: Mode;
  }): {
    createKernel(source: string, settings: { output: readonly [number, number]; precision: 'single' }): GpuKernel;
    destroy(): Promise<void>;
  };
  input(values: Float32Array, size: readonly [number, number]): unknown;
}

interface GpuKernel {
  (image: unknown): Float32Array[];
  /** Why another mode than the one that was asked for did the work, where that is so. */
  readonly kernel: { readonly fallbackReason?: string | null };
}

/** Slices of a call: textures have limits. */
const SLICES_PER_CALL = 64;

/** Threshold alone: it has no labeling. Its kernels read 32-bit floats, so the integers are converted first. */
const gpuJs = (mode: Mode, explanation: string): Contender => ({
  id: `gpu.js-${mode}`,
  job: 'mask',
  name: `gpu.js, mode ${mode}`,
  note: `${explanation}; converts to 32-bit floats and gives one float per voxel`,
  peer: 'gpu.js',
  async open({ voxels, dimensions: [width, height, slices] }, peers): Promise<OpenContender<Float32Array[]>> {
    importScripts(peers['gpu.js']!.url);
    const { GPU } = globalThis as unknown as { GPU: GpuJsConstructor };
    const gpu = new GPU({ mode });
    const slab = Math.min(slices, SLICES_PER_CALL);
    if (slices % slab !== 0) throw new Error(`${slices} slices are not a multiple of ${slab}.`);
    const voxelsPerCall = width * height * slab;
    // As square as the voxels allow, because of the limits of textures.
    const across = slab % 8 === 0 ? 8 : 1;
    const size = [width * across, (height * slab) / across] as const;
    const source = `function (image) { return image[this.thread.y][this.thread.x] >= ${THRESHOLD_HU} ? 1 : 0; }`;
    const kernel = gpu.createKernel(source, { output: size, precision: 'single' });
    const floats = new Float32Array(voxelsPerCall);
    return {
      run() {
        const lines: Float32Array[] = [];
        for (let first = 0; first < voxels.length; first += voxelsPerCall) {
          floats.set(voxels.subarray(first, first + voxelsPerCall));
          lines.push(...kernel(GPU.input(floats, size)));
        }
        return lines;
      },
      answer: lines => ({ mask: packed(lines, width, height * slices) }),
      facts() {
        const { fallbackReason } = kernel.kernel;
        return { notes: fallbackReason ? [`not computed as ${mode}: ${fallbackReason}`] : [] };
      },
      close: () => void gpu.destroy(),
    };
  },
});

export const GPU_JS: readonly Contender[] = [
  gpuJs('gpu', 'threshold by WebGL2'),
  gpuJs('webasm', 'threshold by WebAssembly with SIMD, one thread'),
  gpuJs('cpu', 'threshold in JavaScript'),
];

/** Floats of 0 and 1, in lines of one or more rows, as bits. */
function packed(lines: readonly Float32Array[], width: number, rows: number): BitMask {
  const mask = emptyMask(width, rows);
  let voxel = 0;
  for (const line of lines) {
    for (let i = 0; i < line.length; i++, voxel++) {
      if (line[i] === 0) continue;
      const x = voxel % width;
      mask.words[Math.floor(voxel / width) * mask.wordsPerRow + (x >> 5)]! |= 1 << (x & 31);
    }
  }
  return mask;
}
