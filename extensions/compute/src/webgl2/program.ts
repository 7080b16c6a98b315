import type { ParallelCompileExtension } from './capabilities.ts';
import { ContextLostError, ShaderError } from './errors.ts';
import { FULL_SCREEN_VERTEX_SHADER, readableCompileLog } from './shader-source.ts';

export interface ProgramSource {
  readonly fragment: string;
  /** Covers the whole target where it is missing. */
  readonly vertex?: string;
}

interface Uniform {
  readonly location: WebGLUniformLocation;
  readonly set: SetValues;
}

export interface GpuProgram {
  readonly handle: WebGLProgram;
  readonly uniforms: ReadonlyMap<string, Uniform>;
}

const COMPILE_POLL_MS = 2;

/** @throws ShaderError with lines and source excerpts; ContextLostError */
export async function compileProgram(
  gl: WebGL2RenderingContext,
  { fragment, vertex = FULL_SCREEN_VERTEX_SHADER }: ProgramSource,
  parallel: ParallelCompileExtension | null,
): Promise<GpuProgram> {
  const handle = gl.createProgram();
  const stages = [
    { name: 'vertex', source: vertex, shader: gl.createShader(gl.VERTEX_SHADER) },
    { name: 'fragment', source: fragment, shader: gl.createShader(gl.FRAGMENT_SHADER) },
  ] as const;
  for (const { source, shader } of stages) {
    if (!shader) throw new ContextLostError();
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(handle, shader);
  }
  gl.linkProgram(handle);
  try {
    // Asking for the link status waits for the compiler; with the extension the thread stays free meanwhile.
    while (parallel && gl.getProgramParameter(handle, parallel.COMPLETION_STATUS_KHR) === false) {
      await new Promise(resolve => setTimeout(resolve, COMPILE_POLL_MS));
    }
    const linked = gl.getProgramParameter(handle, gl.LINK_STATUS);
    if (gl.isContextLost()) throw new ContextLostError(); // the link status is null then, which looks like a mistake
    if (!linked) {
      for (const { name, source, shader } of stages) {
        if (shader && !gl.getShaderParameter(shader, gl.COMPILE_STATUS)) {
          throw new ShaderError(readableCompileLog(name, source, gl.getShaderInfoLog(shader) ?? ''));
        }
      }
      throw new ShaderError(`the shaders do not link: ${gl.getProgramInfoLog(handle) || 'no reason given'}`);
    }
    return { handle, uniforms: activeUniforms(gl, handle) };
  } catch (error) {
    gl.deleteProgram(handle);
    throw error;
  } finally {
    // Shaders stay alive inside the program that they are attached to.
    for (const { shader } of stages) gl.deleteShader(shader);
  }
}

/** A number, the components of a vector, or the elements of an array of them. */
export type UniformValue = number | readonly number[] | Float32Array | Int32Array | Uint32Array;

type Values = readonly number[];
type SetValues = (gl: WebGL2RenderingContext, location: WebGLUniformLocation, values: Values) => void;

const setInteger: SetValues = (gl, location, values) => gl.uniform1iv(location, values);

/** By the type that a shader declares. Samplers are set to the number of a texture unit. */
const SETTERS: Readonly<Record<string, SetValues>> = {
  FLOAT: (gl, location, values) => gl.uniform1fv(location, values),
  FLOAT_VEC2: (gl, location, values) => gl.uniform2fv(location, values),
  FLOAT_VEC3: (gl, location, values) => gl.uniform3fv(location, values),
  FLOAT_VEC4: (gl, location, values) => gl.uniform4fv(location, values),
  FLOAT_MAT2: (gl, location, values) => gl.uniformMatrix2fv(location, false, values),
  FLOAT_MAT3: (gl, location, values) => gl.uniformMatrix3fv(location, false, values),
  FLOAT_MAT4: (gl, location, values) => gl.uniformMatrix4fv(location, false, values),
  INT: setInteger,
  INT_VEC2: (gl, location, values) => gl.uniform2iv(location, values),
  INT_VEC3: (gl, location, values) => gl.uniform3iv(location, values),
  INT_VEC4: (gl, location, values) => gl.uniform4iv(location, values),
  UNSIGNED_INT: (gl, location, values) => gl.uniform1uiv(location, values),
  UNSIGNED_INT_VEC2: (gl, location, values) => gl.uniform2uiv(location, values),
  UNSIGNED_INT_VEC3: (gl, location, values) => gl.uniform3uiv(location, values),
  UNSIGNED_INT_VEC4: (gl, location, values) => gl.uniform4uiv(location, values),
  SAMPLER_2D: setInteger,
  SAMPLER_2D_ARRAY: setInteger,
  SAMPLER_3D: setInteger,
  INT_SAMPLER_2D: setInteger,
  INT_SAMPLER_2D_ARRAY: setInteger,
  INT_SAMPLER_3D: setInteger,
  UNSIGNED_INT_SAMPLER_2D: setInteger,
  UNSIGNED_INT_SAMPLER_2D_ARRAY: setInteger,
  UNSIGNED_INT_SAMPLER_3D: setInteger,
};

/**
 * Sets a uniform of the program in use by its declared type.
 * @throws when the program has no such uniform, or one of a type that cannot be set here
 */
export function setUniform(gl: WebGL2RenderingContext, program: GpuProgram, name: string, value: UniformValue): void {
  const uniform = program.uniforms.get(name);
  if (!uniform) throw new Error(`the shader has no uniform named ${name}, or does not use it`);
  const { location, set } = uniform;
  // Typed arrays are lists of numbers to every one of these calls.
  set(gl, location, typeof value === 'number' ? [value] : (value as Values));
}

function activeUniforms(gl: WebGL2RenderingContext, program: WebGLProgram): Map<string, Uniform> {
  const uniforms = new Map<string, Uniform>();
  const count = Number(gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS));
  for (let index = 0; index < count; index++) {
    const info = gl.getActiveUniform(program, index);
    const location = info && gl.getUniformLocation(program, info.name);
    if (!info || !location) throw new ContextLostError();
    const name = info.name.replace('[0]', '');
    uniforms.set(name, { location, set: setterOf(gl, name, info.type) });
  }
  return uniforms;
}

function setterOf(gl: WebGL2RenderingContext, name: string, type: GLenum): SetValues {
  const typeName = Object.keys(SETTERS).find(key => (gl as unknown as Readonly<Record<string, unknown>>)[key] === type);
  const set = typeName && SETTERS[typeName];
  if (!set) throw new ShaderError(`the uniform ${name} has a type (0x${type.toString(16)}) that cannot be set`);
  return set;
}
