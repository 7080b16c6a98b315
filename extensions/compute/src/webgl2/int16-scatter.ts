import type { VoxelVolume } from '../volume.ts';
import { INT16_VOLUME_GLSL, int16VolumeUnavailable } from './int16-volume.ts';
import { sharedDevice } from './shared-device.ts';

/** GLSL for vertex shaders: the value of the voxel of this index (x fastest, then rows). */
export const INT16_VOXEL_GLSL = `${INT16_VOLUME_GLSL}
uniform int width;
int voxelValue(int index) {
  int row = index / width;
  int x = index - row * width;
  return voxels(x >> 2, row)[x & 3];
}
`;

/** Why this thread's GPU cannot scatter an int16 volume's voxels, or null when it can. */
export function int16ScatterUnavailable(volume: VoxelVolume): string | null {
  const reason = int16VolumeUnavailable(volume);
  if (reason) return reason;
  const { floatTargets, floatBlending } = sharedDevice().capabilities;
  if (!floatTargets) return 'this GPU cannot draw into float textures (EXT_color_buffer_float is missing)';
  if (!floatBlending) return 'this GPU cannot blend into float textures (EXT_float_blend is missing)';
  return null;
}
