/** For kernels with a WebGL2 producer: what runs a shader over a volume. docs/adding-a-kernel.md shows how it is used. */

export type { GpuBuffer } from './buffer-pool.ts';
export type { Capabilities } from './capabilities.ts';
export {
  BudgetExceededError,
  ContextLostError,
  DeviceUnavailableError,
  GlCallError,
  OutOfGpuMemoryError,
  ShaderError,
  TextureLimitError,
} from './errors.ts';
export type { FormatDescription, TexelArray, TextureFormat } from './formats.ts';
export { TEXTURE_FORMATS } from './formats.ts';
export { INT16_VOXEL_GLSL, int16ScatterUnavailable } from './int16-scatter.ts';
export type { Int16Layout } from './int16-volume.ts';
export {
  INT16_LAYOUT,
  INT16_VOLUME_GLSL,
  int16Threshold,
  int16Uniforms,
  int16VolumeUnavailable,
  ROW_BLOCK_VOXELS,
  residentInt16Volume,
} from './int16-volume.ts';
export { LINEAR_INDEX_GLSL, LINEAR_POINT_GLSL, LINEAR_WIDTH, linearShape, linearTarget } from './linear-target.ts';
export type { Operation, Region } from './operation.ts';
export type { Pass, PointBlend, PointsPass } from './pass.ts';
export type { PingPong } from './ping-pong.ts';
export type { GpuProgram, ProgramSource, UniformValue } from './program.ts';
export type { ReadRequest } from './readback.ts';
export { floatLiteral, SHADER_HEADER, unroll } from './shader-source.ts';
export { sharedDevice, sharedDeviceUnavailable } from './shared-device.ts';
export type { GpuTexture, TextureShape } from './texture.ts';
export type { Webgl2Work } from './webgl2-producer.ts';
export { webgl2Producer } from './webgl2-producer.ts';
