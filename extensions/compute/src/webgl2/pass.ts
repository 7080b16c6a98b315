import type { GpuBuffer } from './buffer-pool.ts';
import { type GpuProgram, setUniform, type UniformValue } from './program.ts';
import { framebufferOf, type GpuTexture, textureTarget } from './texture.ts';

export interface Pass {
  readonly program: GpuProgram;
  readonly target: GpuTexture;
  /** Textures by the name of their sampler. */
  readonly textures?: Readonly<Record<string, GpuTexture>>;
  readonly uniforms?: Readonly<Record<string, UniformValue>>;
}

export interface PointsPass extends Pass {
  readonly count: number;
  /** Vertex data of unsigned integers: `location` as in the shader's layout qualifier. */
  readonly attributes?: readonly {
    readonly location: number;
    readonly buffer: GpuBuffer;
    readonly offsetBytes: number;
  }[];
  readonly blend: PointBlend;
}

/** How a point joins what its texel holds: it is added, added except that alpha keeps the larger value, or the smaller value stays. */
export type PointBlend = 'add' | 'add, maximum of alpha' | 'minimum';

/** Computes every texel of the target with the program. */
export function drawPass(gl: WebGL2RenderingContext, pass: Pass): void {
  bind(gl, pass);
  gl.viewport(0, 0, pass.target.width, pass.target.height);
  gl.disable(gl.BLEND);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
}

/** Scatters points into the target, blending. The target is not cleared. */
export function drawPoints(gl: WebGL2RenderingContext, pass: PointsPass): void {
  const { target, attributes = [], count, blend } = pass;
  bind(gl, pass);
  gl.viewport(0, 0, target.width, target.height);
  gl.enable(gl.BLEND);
  const rgb = blend === 'minimum' ? gl.MIN : gl.FUNC_ADD;
  gl.blendEquationSeparate(rgb, blend === 'add, maximum of alpha' ? gl.MAX : rgb);
  gl.blendFunc(gl.ONE, gl.ONE);
  for (const { location, buffer, offsetBytes } of attributes) {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer.handle);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribIPointer(location, 1, gl.UNSIGNED_INT, 0, offsetBytes);
  }
  gl.drawArrays(gl.POINTS, 0, count);
  for (const { location } of attributes) gl.disableVertexAttribArray(location);
  gl.bindBuffer(gl.ARRAY_BUFFER, null);
  gl.disable(gl.BLEND);
}

/** Sets every texel of a float target. */
export function clearTarget(gl: WebGL2RenderingContext, target: GpuTexture, rgba: readonly number[]): void {
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebufferOf(gl, target));
  gl.clearBufferfv(gl.COLOR, 0, rgba);
}

function bind(gl: WebGL2RenderingContext, { program, target, textures = {}, uniforms = {} }: Pass): void {
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebufferOf(gl, target));
  gl.useProgram(program.handle);
  Object.entries(textures).forEach(([name, texture], unit) => {
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(textureTarget(gl, texture), texture.handle);
    setUniform(gl, program, name, unit);
  });
  for (const [name, value] of Object.entries(uniforms)) setUniform(gl, program, name, value);
}
