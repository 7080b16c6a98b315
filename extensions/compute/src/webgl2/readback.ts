import type { GpuBuffer } from './buffer-pool.ts';
import { TEXTURE_FORMATS } from './formats.ts';
import { framebufferOf, type GpuTexture } from './texture.ts';

/** Arrays that targets can be read into: a target is always read in 32-bit components. */
export type ReadbackArray = Float32Array | Int32Array | Uint32Array;

/** A target's content, row by row. */
export interface ReadRequest {
  readonly source: GpuTexture;
  /** Elements from the source's first texel on are copied here; texels past them are left out. Of the source's kind. */
  readonly destination: ReadbackArray;
  /** Where in the destination, in elements. */
  readonly offset: number;
  readonly count: number;
}

/** Components with which a target arrives: RGBA is guaranteed, RED only where the driver offers it. */
export type ReadComponents = 1 | 4;

/** How many components a target of this format is read with here. One question to the driver, to be asked once. */
export function readComponentsOf(gl: WebGL2RenderingContext, texture: GpuTexture): ReadComponents {
  if (texture.format !== 'R32F') return 4;
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebufferOf(gl, texture));
  const offered =
    gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_FORMAT) === gl.RED &&
    gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_TYPE) === gl.FLOAT;
  return offered ? 1 : 4;
}

export function readBytes({ source }: ReadRequest, components: ReadComponents): number {
  return source.width * source.height * components * 4;
}

/** Starts to copy the target into a pixel buffer; nothing waits. */
export function startRead(
  gl: WebGL2RenderingContext,
  { source }: ReadRequest,
  components: ReadComponents,
  buffer: GpuBuffer,
): void {
  const { readFormat, readType } = TEXTURE_FORMATS[source.format];
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebufferOf(gl, source));
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer.handle);
  gl.readPixels(0, 0, source.width, source.height, components === 1 ? gl.RED : readFormat, readType, 0);
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
}

/** Copies out of the pixel buffer, after its fence was passed. */
export function finishRead(
  gl: WebGL2RenderingContext,
  request: ReadRequest,
  components: ReadComponents,
  buffer: GpuBuffer,
): void {
  const { source, destination, offset, count } = request;
  const wanted: ReadComponents = TEXTURE_FORMATS[source.format].components;
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer.handle);
  if (components === wanted) {
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, destination, offset, count);
  } else {
    const texels = emptyLike(destination, count * components); // a red target that arrives as RGBA
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, texels);
    for (let i = 0; i < count; i++) destination[offset + i] = texels[i * components]!;
  }
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
}

function emptyLike(like: ReadbackArray, length: number): ReadbackArray {
  if (like instanceof Float32Array) return new Float32Array(length);
  return like instanceof Int32Array ? new Int32Array(length) : new Uint32Array(length);
}
