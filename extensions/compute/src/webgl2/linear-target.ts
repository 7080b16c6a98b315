import type { TextureFormat } from './formats.ts';
import type { Operation } from './operation.ts';
import type { GpuTexture, TextureShape } from './texture.ts';

/** Targets that are used as one long array are this wide; every WebGL2 device can have it. */
export const LINEAR_WIDTH = 1024;

/** Shape of a target with room for this many texels, numbered row by row. */
export function linearShape(format: TextureFormat, texels: number): TextureShape {
  return { format, width: LINEAR_WIDTH, height: Math.ceil(texels / LINEAR_WIDTH) };
}

/** A target with room for this many texels, numbered row by row. */
export function linearTarget(operation: Operation, format: TextureFormat, texels: number): GpuTexture {
  return operation.texture(linearShape(format, texels));
}

/** GLSL for fragment shaders: the number of the texel that is computed. */
export const LINEAR_INDEX_GLSL = `
int linearIndex() {
  return int(gl_FragCoord.y) * ${LINEAR_WIDTH} + int(gl_FragCoord.x);
}
`;

/** GLSL for vertex shaders: puts a point of one texel on the texel of this number, or nowhere when it is negative. */
export const LINEAR_POINT_GLSL = `
uniform int targetHeight;
void placePoint(int index) {
  gl_PointSize = 1.0;
  int y = index / ${LINEAR_WIDTH};
  vec2 center = vec2(float(index - y * ${LINEAR_WIDTH}), float(y)) + 0.5;
  vec2 position = center / vec2(${LINEAR_WIDTH}.0, float(targetHeight)) * 2.0 - 1.0;
  gl_Position = index < 0 ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(position, 0.0, 1.0);
}
`;
