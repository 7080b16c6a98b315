import { contrastOfSlice, type DynamicVolume, smoothingWeights } from '../core/index.ts';
import { smoothedContrast } from './smoothed-curve.ts';

const dimensions = [23, 17, 2] as const;
const timePoints = 9;

/** Noise that is the same every time. */
function noisyVolume(): DynamicVolume {
  let state = 1;
  const voxels = Int16Array.from({ length: 23 * 17 * 2 * timePoints }, () => {
    state = (state * 48271) % 0x7fffffff;
    return (state % 200) - 100;
  });
  return { voxels, dimensions, timePoints, intervalS: 1, spacingMm: [1, 1.5, 5], signal: { kind: 'attenuation' } };
}

test('a voxel is smoothed as if the whole slice were', () => {
  const volume = noisyVolume();
  const mask = Uint8Array.from({ length: 23 * 17 * 2 }, (_, voxel) => (voxel % 7 === 3 ? 0 : 1));
  const parameters = {
    baseline: [0, 3] as const,
    smoothing: smoothingWeights({ spatialSigmaMm: 2, temporalSigmaS: 1 }, 1, volume.spacingMm),
  };
  const slices = [0, 1].map(z => contrastOfSlice(volume, z, { ...parameters, mask }));
  const length = 23 * 17;
  for (const voxel of [0, 11, 100, length - 1, length, length + 200, 2 * length - 2]) {
    const [z, inSlice] = [Math.floor(voxel / length), voxel % length];
    const whole = Array.from({ length: timePoints }, (_, t) => slices[z]![t * length + inSlice]!);
    const curve = smoothedContrast(volume, mask, voxel, parameters);
    if (mask[voxel] === 0) expect(curve).toBeNull();
    else for (const [t, value] of whole.entries()) expect(curve?.[t]).toBeCloseTo(value, 9);
  }
});
