import { floatLiteral, LINEAR_INDEX_GLSL, LINEAR_WIDTH, SHADER_HEADER, unroll } from '@voxelwise/compute/webgl2';
import { BACKGROUND, EXTRAPOLATION_FLOOR, LEAST_START } from '../../core/deconvolution/lucy-richardson.ts';
import { BLOCK, paddedTimePoints } from './slice-curves.ts';

/**
 * Shaders that deconvolve one curve per texel. They are straight-line code: the N time points of a curve are the vectors c0,
 * c1 ... of four, filled up with zeros. The result is (largest value of the residue function, index of its sample, trapezoid
 * sum of the curve, frame of its first maximum).
 */

/** Vectors of four that hold so many values. */
export const vectorsOf = (values: number) => Math.ceil(values / 4);

const COMPONENTS = ['x', 'y', 'z', 'w'] as const;

/** Reads the curve of this texel from a texture that holds the blocks of maps.wat as one list. */
const curve = (timePoints: number) => `${SHADER_HEADER}${LINEAR_INDEX_GLSL}
uniform sampler2D curves;
int firstValue() {
  int curve = linearIndex();
  return (curve / ${BLOCK}) * ${BLOCK * paddedTimePoints(timePoints)} + curve % ${BLOCK};
}
float valueAt(int i) {
  return texelFetch(curves, ivec2(i % ${LINEAR_WIDTH}, i / ${LINEAR_WIDTH}), 0).r;
}
`;

const readCurve = (timePoints: number) =>
  `  int first = firstValue();\n${unroll(vectorsOf(timePoints), vector => {
    const values = COMPONENTS.map((_, component) => {
      const t = 4 * vector + component;
      return t < timePoints ? `valueAt(first + ${t * BLOCK})` : '0.0';
    });
    return `  vec4 c${vector} = vec4(${values.join(', ')});`;
  })}`;

/** Keeps the first of the largest of some values in `best` and `at`. */
const keepLargest = (values: readonly string[], best: string, at: string, firstIndex = 0) =>
  values.map((value, i) => `  if (${value} > ${best}) { ${best} = ${value}; ${at} = ${firstIndex + i}.0; }`).join('\n');

const componentsOf = (name: (vector: number) => string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name(i >> 2)}.${COMPONENTS[i & 3]}`);

/** Sets `sum` and `peak`. */
const measureCurve = (timePoints: number) => {
  const values = componentsOf(vector => `c${vector}`, timePoints);
  return `  float sum = ${unroll(vectorsOf(timePoints), vector => `dot(c${vector}, vec4(1.0))`, ' + ')}
    - 0.5 * (${values[0]} + ${values.at(-1)});
  float highest = ${values[0]}, peak = 0.0;
${keepLargest(values.slice(1), 'highest', 'peak', 1)}`;
};

/**
 * Rows of a matrix times the curve. What rows before them have given is in a texture, if there were any.
 * @param rows of each: the vectors of the uniform `weights` that the vectors of the curve are multiplied with
 */
export function productShader(
  timePoints: number,
  rows: readonly (readonly number[])[],
  firstRow: number,
  vectors: number,
): string {
  const isFirst = firstRow === 0;
  const product = (row: readonly number[]) => row.map((vector, i) => `dot(weights[${vector}], c${i})`).join(' + ');
  return `${curve(timePoints)}
uniform vec4 weights[${vectors}];
${isFirst ? '' : 'uniform sampler2D before;'}
out vec4 result;
void main() {
${readCurve(timePoints)}
  float r;
${isFirst ? measureCurve(timePoints) : '  vec4 found = texelFetch(before, ivec2(gl_FragCoord.xy), 0);\n  float sum = found.z, peak = found.w;'}
  float best = ${isFirst ? '-3.0e38' : 'found.x'}, at = ${isFirst ? '0.0' : 'found.y'};
${rows.map((row, i) => `  r = ${product(row)};\n${keepLargest(['r'], 'best', 'at', firstRow + i)}`).join('\n')}
  result = vec4(best, at, sum, peak);
}`;
}

/** What of an arterial input is written into the shader of Lucy-Richardson. */
export interface LucyRichardsonShape {
  readonly timePoints: number;
  /** The blocks of four by four of the convolution matrix that are not zero: i - j in vectors of four, from first to last. */
  readonly firstBlock: number;
  readonly lastBlock: number;
}

/** Lucy-Richardson as core/deconvolution/lucy-richardson.ts describes it. */
export function lucyRichardsonShader({ timePoints, firstBlock, lastBlock }: LucyRichardsonShape): string {
  const vectors = vectorsOf(timePoints);
  const each = (piece: (vector: number) => string) => unroll(vectors, piece);
  /** 1 for samples, 0 for what fills up the last vector. */
  const isSample = COMPONENTS.map((_, i) => (4 * (vectors - 1) + i < timePoints ? '1.0' : '0.0')).join(', ');
  const samplesOnly = (vector: number, value: string) =>
    vector === vectors - 1 && timePoints % 4 > 0 ? `(${value}) * vec4(${isSample})` : value;
  const blocks = Array.from({ length: lastBlock - firstBlock + 1 }, (_, i) => firstBlock + i);
  const inRange = (vector: number) => vector >= 0 && vector < vectors;
  const predicted = (i: number) =>
    blocks
      .filter(block => inRange(i - block))
      .map(block => `kernel[${block - firstBlock}] * y${i - block}`)
      .join(' + ');
  const addedBack = (i: number) =>
    blocks
      .filter(block => inRange(i - block))
      .map(block => `    back${i - block} += q * kernel[${block - firstBlock}];`)
      .join('\n');
  return `${curve(timePoints)}
uniform sampler2D noise;
uniform mat4 kernel[${blocks.length}];
uniform vec4 inverseWeights[${vectors}];
uniform float inverseArea;
uniform float noiseFactor;
uniform int maximumIterations;
out vec4 result;
void main() {
${readCurve(timePoints)}
${measureCurve(timePoints)}
  float mean = (${unroll(vectors, vector => `dot(c${vector}, vec4(1.0))`, ' + ')}) / ${timePoints}.0;
  float sd = texelFetch(noise, ivec2(gl_FragCoord.xy), 0).r;
  float background = ${floatLiteral(BACKGROUND.perNoise)} * sd + ${floatLiteral(BACKGROUND.perMaximum)} * max(0.0, highest);
  float start = max(mean, ${floatLiteral(LEAST_START)} * sd) * inverseArea;
  if (start <= 0.0 || background <= 0.0) {
    result = vec4(0.0, 0.0, sum, peak);
    return;
  }
  float leastGain = noiseFactor * sd * sd;
  float residual = 3.0e38, gain = 3.0e38, part = 1.0;
${each(v => `  vec4 y${v} = ${samplesOnly(v, 'vec4(start)')}, x${v} = y${v}, before${v} = y${v};`)}
  for (int n = 0; n < maximumIterations; n++) {
    vec4 p, d, q;
    float squared = 0.0;
${each(v => `    vec4 back${v} = vec4(0.0);`)}
${each(
  i => `    p = ${predicted(i)};
    d = ${samplesOnly(i, `c${i} - p`)};
    squared += dot(d, d);
    q = ${samplesOnly(i, `max(vec4(0.0), c${i} + background) / (p + background)`)};
${addedBack(i)}`,
)}
    float gained = residual - squared;
    if (n >= 2 && leastGain > 0.0 && gained <= leastGain) {
      part = gain <= leastGain ? 0.0 : (gain - leastGain) / (gain - gained);
      break;
    }
    residual = squared;
    gain = gained;
    float momentum = float(n) / float(n + 3);
${each(
  v => `    p = y${v} * back${v} * inverseWeights[${v}];
    before${v} = y${v};
    y${v} = max(${floatLiteral(EXTRAPOLATION_FLOOR)} * p, p + momentum * (p - x${v}));
    x${v} = p;`,
)}
  }
  float best = -3.0e38, at = 0.0;
  vec4 r;
${each(
  v => `  r = before${v} + part * (y${v} - before${v});
${keepLargest(
  componentsOf(() => 'r', Math.min(4, timePoints - 4 * v)),
  'best',
  'at',
  4 * v,
)}`,
)}
  result = vec4(best, at, sum, peak);
}`;
}
