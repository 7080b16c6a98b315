/** Shaders are generated as straight-line code: loops over arrays are several times slower on some drivers. */

/** Joins the pieces for 0 .. count - 1. */
export function unroll(count: number, piece: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join(separator);
}

/** GLSL literal of a number, exact to float32. GLSL reads '1' as an integer, so there is always an exponent. */
export function floatLiteral(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be written into a shader.`);
  return `(${Math.fround(value).toExponential(9)})`;
}

/** First lines of every shader. Integer samplers have no default precision, and mediump can be a real half float. */
export const SHADER_HEADER = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp usampler2D;
precision highp isampler2DArray;
`;

/** Covers the target with one triangle, without vertex buffers. */
export const FULL_SCREEN_VERTEX_SHADER = `${SHADER_HEADER}
void main() {
  vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/**
 * The compiler's messages with the source lines they are about.
 * Compilers say 'ERROR: 0:12: ...' (string number, line); anything else is passed on as it is.
 */
export function readableCompileLog(stage: 'vertex' | 'fragment', source: string, log: string): string {
  const lines = source.split('\n');
  const messages = log
    .replaceAll('\0', '')
    .split('\n')
    .filter(message => message.trim())
    .map(message => {
      const line = Number(/^\s*(?:ERROR|WARNING):\s*\d+:(\d+)/.exec(message)?.[1]);
      return line ? `${message.trim()}\n${excerpt(lines, line)}` : message.trim();
    });
  return `the ${stage} shader does not compile: ${messages.join('\n') || 'the compiler gives no reason'}`;
}

const LONGEST_LINE = 160;

/** The line and its neighbors, numbered from 1 as compilers do; generated lines can be very long and are cut. */
function excerpt(lines: readonly string[], line: number): string {
  const first = Math.max(1, line - 1);
  const last = Math.min(lines.length, line + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const number = first + index;
    const text = lines[number - 1] ?? '';
    const shown = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
    return `${number === line ? '>' : ' '} ${number} | ${shown}`;
  }).join('\n');
}
