import type { RunControl } from '../../engine/run-control.ts';
import type { VoxelVolume } from '../../volume.ts';
import type { Operation } from '../../webgl2/operation.ts';
import type { GpuProgram } from '../../webgl2/program.ts';
import { SHADER_HEADER, unroll } from '../../webgl2/shader-source.ts';
import { sharedDevice, sharedDeviceUnavailable } from '../../webgl2/shared-device.ts';
import type { GpuTexture } from '../../webgl2/texture.ts';
import { webgl2Producer } from '../../webgl2/webgl2-producer.ts';
import { assertWeights, type SeparableWeights } from './twin.ts';

/** Uniform vectors that every device has are 224; with four weights in each, so many leave room for the rest. */
const MOST_WEIGHTS = 800;

/**
 * One pass, unrolled. Weights are uniforms, so that a program serves every filter of its length. Slices lie below one
 * another in the texture, so y is held within its own slice.
 */
function shader(taps: number, axis: 'x' | 'y'): string {
  const radius = (taps - 1) / 2;
  const texel = (offset: number) =>
    axis === 'x' ? `ivec2(clamp(p.x + ${offset}, 0, last), p.y)` : `ivec2(p.x, clamp(p.y + ${offset}, first, last))`;
  const weight = (tap: number) => `weights[${tap >> 2}].${'xyzw'[tap & 3]}`;
  return `${SHADER_HEADER}
uniform sampler2D image;
uniform int length;
uniform vec4 weights[${Math.ceil(taps / 4)}];
out float result;

void main() {
  ivec2 p = ivec2(gl_FragCoord.xy);
  int first = ${axis === 'x' ? '0' : '(p.y / length) * length'};
  int last = first + length - 1;
  float sum = 0.0;
${unroll(taps, tap => `sum += ${weight(tap)} * texelFetch(image, ${texel(tap - radius)}, 0).r;`)}
  result = sum;
}`;
}

/** Four weights to a vector, the last ones filled up. */
function weightVectors(weights: readonly number[]): Float32Array {
  const vectors = new Float32Array(Math.ceil(weights.length / 4) * 4);
  vectors.set(weights);
  return vectors;
}

function unavailable({ dimensions: [nx, ny] }: VoxelVolume): string | null {
  const reason = sharedDeviceUnavailable();
  if (reason) return reason;
  const { floatTargets, maximumTextureSize } = sharedDevice().capabilities;
  if (!floatTargets) return 'this GPU cannot draw into float textures (EXT_color_buffer_float is missing)';
  if (Math.max(nx, ny) > maximumTextureSize) {
    return `slices of ${nx} x ${ny} do not fit this GPU's textures of ${maximumTextureSize} x ${maximumTextureSize}`;
  }
  return null;
}

/** As float32, slices below one another; as many to a texture as it can have. */
const layoutFrom = (slice: number) => `float32 from slice ${slice}`;

/** The separableConvolution twin in float32. */
async function convolve(
  operation: Operation,
  volume: VoxelVolume,
  weights: SeparableWeights,
  control?: RunControl,
): Promise<Float32Array> {
  assertWeights(weights);
  const { voxels, dimensions } = volume;
  const [nx, ny, nz] = dimensions;
  const taps = Math.max(weights.x.length, weights.y.length);
  if (taps > MOST_WEIGHTS) throw new RangeError(`${taps} weights are more than a shader can have (${MOST_WEIGHTS})`);
  const alongX = await operation.program({ fragment: shader(weights.x.length, 'x') });
  const alongY = await operation.program({ fragment: shader(weights.y.length, 'y') });
  const [weightsX, weightsY] = [weightVectors(weights.x), weightVectors(weights.y)];
  const answer = new Float32Array(voxels.length);
  const slicesAtATime = Math.min(nz, Math.floor(operation.capabilities.maximumTextureSize / ny));

  for (let z = 0; z < nz; z += slicesAtATime) {
    await control?.step(z, nz);
    const slices = Math.min(slicesAtATime, nz - z);
    const offset = z * nx * ny;
    const count = slices * nx * ny;
    const shape = { format: 'R32F', width: nx, height: slices * ny } as const;
    const image = await operation.residentTexture(volume, layoutFrom(z), shape, texture => {
      // Integers up to 16 bits are exact in float32. The copy also takes values out of shared memory.
      const values = new Float32Array(count);
      values.set(voxels.subarray(offset, offset + count));
      operation.upload(texture, { y: 0, width: nx, height: slices * ny, layer: 0 }, values);
    });
    const targets = operation.pingPong(shape);
    const pass = (program: GpuProgram, source: GpuTexture, length: number, passWeights: Float32Array) => {
      const uniforms = { length, weights: passWeights };
      operation.draw({ program, target: targets.target, textures: { image: source }, uniforms });
      targets.swap();
    };
    operation.timed(() => {
      pass(alongX, image, nx, weightsX);
      pass(alongY, targets.source, ny, weightsY);
    });
    await operation.read({ source: targets.source, destination: answer, offset, count });
    operation.release(...targets.textures);
  }
  return answer;
}

export const convolutionWebgl2 = webgl2Producer({ unavailable, layout: layoutFrom(0), compute: convolve });
