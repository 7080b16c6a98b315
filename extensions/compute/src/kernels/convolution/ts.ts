import type { ProducerImplementation } from '../../engine/kernel.ts';
import { BAND_VOXELS } from '../row-bands.ts';
import { assertWeights, type SeparableWeights, separableConvolution } from './twin.ts';

/** The twin on bands of rows, each with as many rows around it as the weights reach: the same numbers to the bit. */
export const convolutionTs: ProducerImplementation<SeparableWeights, Float32Array> = {
  async run({ voxels, dimensions: [nx, ny, nz] }, weights, _, control) {
    assertWeights(weights);
    const answer = new Float32Array(voxels.length);
    const reach = (weights.y.length - 1) / 2;
    const rowsAtATime = Math.max(weights.y.length, Math.floor(BAND_VOXELS / nx));
    for (let z = 0; z < nz; z++) {
      for (let y = 0; y < ny; y += rowsAtATime) {
        await control?.step(z * ny + y, nz * ny);
        const end = Math.min(ny, y + rowsAtATime);
        const [from, to] = [Math.max(0, y - reach), Math.min(ny, end + reach)];
        const band = voxels.subarray((z * ny + from) * nx, (z * ny + to) * nx);
        const filtered = separableConvolution({ voxels: band, dimensions: [nx, to - from, 1] }, weights);
        answer.set(filtered.subarray((y - from) * nx, (end - from) * nx), (z * ny + y) * nx);
      }
    }
    return answer;
  },
};
