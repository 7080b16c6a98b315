import type { Kernel } from '../../engine/kernel.ts';
import { convolutionTs } from './ts.ts';
import type { SeparableWeights } from './twin.ts';
import { convolutionWebgl2 } from './webgl2.ts';

/** Every slice filtered along x and y, as float32: Gaussians, differences, box means. */
export const convolutionKernel: Kernel<SeparableWeights, Float32Array> = {
  name: 'compute.convolution',
  producers: {
    ts: convolutionTs,
    webgl2: convolutionWebgl2,
  },
  // Both passes read and multiply once per tap, beside what a voxel costs anyway.
  workPerVoxel: (_, { x, y }) => 4 + x.length + y.length,
  transferables: values => [values.buffer],
  neededBytes: ({ dimensions: [nx, ny, nz] }) => nx * ny * nz * Float32Array.BYTES_PER_ELEMENT,
};
