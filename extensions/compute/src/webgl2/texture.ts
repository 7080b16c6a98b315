import { TextureLimitError } from './errors.ts';
import { TEXTURE_FORMATS, type TextureFormat } from './formats.ts';
import { assertNoGlError } from './gl-error.ts';

export interface TextureShape {
  readonly format: TextureFormat;
  readonly width: number;
  readonly height: number;
  /** Layers of a 2D array texture; a plain 2D texture where this is missing. Array textures are never targets. */
  readonly layers?: number;
}

/** A texture on the GPU. The pool owns it; operations borrow it. */
export interface GpuTexture extends TextureShape {
  readonly handle: WebGLTexture;
  readonly bytes: number;
  /** Made when the texture is first drawn into, and kept: changed attachments would be validated again. */
  framebuffer: WebGLFramebuffer | null;
}

export function textureBytes({ format, width, height, layers = 1 }: TextureShape): number {
  return TEXTURE_FORMATS[format].bytesPerTexel * width * height * layers;
}

/** @throws TextureLimitError naming what is too large */
export function assertTextureFits(
  { format, width, height, layers = 1 }: TextureShape,
  limits: { readonly maximumTextureSize: number; readonly maximumArrayLayers: number },
): void {
  const { maximumTextureSize, maximumArrayLayers } = limits;
  if (width > maximumTextureSize || height > maximumTextureSize) {
    throw new TextureLimitError(
      `a ${format} texture of ${width} x ${height} is needed, but this GPU has at most ${maximumTextureSize} x ${maximumTextureSize}`,
    );
  }
  if (layers > maximumArrayLayers) {
    throw new TextureLimitError(`${layers} texture layers are needed, but this GPU has at most ${maximumArrayLayers}`);
  }
}

export function textureTarget(gl: WebGL2RenderingContext, { layers }: TextureShape): GLenum {
  return layers === undefined ? gl.TEXTURE_2D : gl.TEXTURE_2D_ARRAY;
}

/** @throws OutOfGpuMemoryError, GlCallError when the storage is refused */
export function createTexture(gl: WebGL2RenderingContext, shape: TextureShape): GpuTexture {
  const { format, width, height, layers } = shape;
  const target = textureTarget(gl, shape);
  const handle = gl.createTexture();
  gl.bindTexture(target, handle);
  const { internalFormat } = TEXTURE_FORMATS[format];
  if (layers === undefined) gl.texStorage2D(target, 1, internalFormat, width, height);
  else gl.texStorage3D(target, 1, internalFormat, width, height, layers);
  for (const parameter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(target, parameter, gl.NEAREST);
  for (const parameter of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(target, parameter, gl.CLAMP_TO_EDGE);
  gl.bindTexture(target, null);
  const bytes = textureBytes(shape);
  try {
    assertNoGlError(gl, `making a ${format} texture`, bytes); // new storage is rare, so this may wait
  } catch (error) {
    gl.deleteTexture(handle);
    throw error;
  }
  return { ...shape, handle, bytes, framebuffer: null };
}

/** Framebuffer with the texture as its only color attachment. */
export function framebufferOf(gl: WebGL2RenderingContext, texture: GpuTexture): WebGLFramebuffer {
  if (texture.framebuffer) return texture.framebuffer;
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture.handle, 0);
  const status = gl.checkFramebufferStatus(gl.FRAMEBUFFER);
  if (status !== gl.FRAMEBUFFER_COMPLETE) {
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.deleteFramebuffer(framebuffer);
    throw new Error(`a ${texture.format} texture cannot be drawn into here (status 0x${status.toString(16)})`);
  }
  texture.framebuffer = framebuffer;
  return framebuffer;
}
