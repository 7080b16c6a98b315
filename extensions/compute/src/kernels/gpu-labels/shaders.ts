import { INT16_VOXEL_GLSL } from '../../webgl2/int16-scatter.ts';
import { LINEAR_INDEX_GLSL, LINEAR_POINT_GLSL, LINEAR_WIDTH } from '../../webgl2/linear-target.ts';
import { floatLiteral, SHADER_HEADER } from '../../webgl2/shader-source.ts';

/**
 * Labels are pixel numbers within a batch, from 1, as float32, which is exact to 2^24 and the only format that blends.
 * A label names a pixel of the same component that comes no later in raster order: its parent. A root is its own.
 */
export const MOST_LABELS = 2 ** 24;
/** Label of pixels outside: larger than any other, so that it never is a minimum. */
export const OUTSIDE = 2 ** 25;

const OUTSIDE_GLSL = `const float OUTSIDE = ${floatLiteral(OUTSIDE)};`;

const labelAt = (name: string) => `
uniform sampler2D ${name};
float ${name}At(int pixel) {
  return texelFetch(${name}, ivec2(pixel % ${LINEAR_WIDTH}, pixel / ${LINEAR_WIDTH}), 0).r;
}
`;

/** Every pixel inside is a root. */
export const INITIAL_SHADER = `${SHADER_HEADER}${INT16_VOXEL_GLSL}${LINEAR_INDEX_GLSL}${OUTSIDE_GLSL}
uniform int firstVoxel;
uniform int pixels;
uniform int threshold;
out vec4 label;

void main() {
  int pixel = linearIndex();
  bool inside = pixel < pixels && voxelValue(firstVoxel + min(pixel, pixels - 1)) >= threshold;
  label = vec4(inside ? float(pixel + 1) : OUTSIDE, 0.0, 0.0, 0.0);
}`;

/** The smallest label of a pixel and its neighbors in the slice. */
export const minimumShader = (connectivity: 4 | 8) => {
  const steps = [-1, 0, 1].flatMap(dy => [-1, 0, 1].map(dx => [dx, dy] as const));
  const neighbors = steps.filter(([dx, dy]) => Math.abs(dx) + Math.abs(dy) <= (connectivity === 8 ? 2 : 1));
  // A neighbor past the border becomes the nearest pixel within it: this pixel, or another of its neighbors.
  const neighbor = ([dx, dy]: readonly [number, number]) =>
    `lowest = min(lowest, labelsAt(clamp(row + (${dy}), top, bottom) * width + clamp(x + (${dx}), 0, width - 1)));`;
  return `${SHADER_HEADER}${LINEAR_INDEX_GLSL}${labelAt('labels')}${OUTSIDE_GLSL}
uniform int width;
uniform int rowsPerSlice;
out vec4 result;

void main() {
  int pixel = linearIndex();
  float lowest = labelsAt(pixel);
  if (lowest < OUTSIDE) {
    int row = pixel / width;
    int x = pixel - row * width;
    int top = row - row % rowsPerSlice;
    int bottom = top + rowsPerSlice - 1;
    ${neighbors.map(neighbor).join('\n    ')}
  }
  result = vec4(lowest, 0.0, 0.0, 0.0);
}`;
};

/** A point for every pixel that has a neighbor with a smaller label: it takes that label to the parent of the pixel. */
export const HOOK_VERTEX_SHADER = `${SHADER_HEADER}${LINEAR_POINT_GLSL}${labelAt('labels')}${labelAt('minima')}
flat out float lowest;

void main() {
  float own = labelsAt(gl_VertexID);
  lowest = minimaAt(gl_VertexID);
  placePoint(lowest < own ? int(own) - 1 : -1);
}`;

export const HOOK_FRAGMENT_SHADER = `${SHADER_HEADER}
flat in float lowest;
out vec4 hook;
void main() {
  hook = vec4(lowest, 0.0, 0.0, 0.0);
}`;

/** Takes the hooks over, and shortens the way to the root to a fifth. */
export const COMPRESS_SHADER = `${SHADER_HEADER}${LINEAR_INDEX_GLSL}${labelAt('labels')}${labelAt('hooks')}${OUTSIDE_GLSL}
out vec4 result;

float lowestAt(int pixel) {
  return min(labelsAt(pixel), hooksAt(pixel));
}

void main() {
  float label = lowestAt(linearIndex());
  if (label < OUTSIDE) {
    label = lowestAt(int(label) - 1);
    label = lowestAt(int(label) - 1);
    label = lowestAt(int(label) - 1);
    label = lowestAt(int(label) - 1);
  }
  result = vec4(label, 0.0, 0.0, 0.0);
}`;
