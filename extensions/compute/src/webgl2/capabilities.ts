/** What this GPU can do, read once per context: each query can cost a millisecond. */
export interface Capabilities {
  /** 'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 ...)'; the bare WebGL renderer where the browser hides it. */
  readonly rendererName: string;
  readonly maximumTextureSize: number;
  readonly maximumArrayLayers: number;
  /** Render to float textures (EXT_color_buffer_float). */
  readonly floatTargets: boolean;
  /** Blend into 32-bit float targets (EXT_float_blend). */
  readonly floatBlending: boolean;
  readonly timerQueries: TimerQueryExtension | null;
  readonly parallelCompilation: ParallelCompileExtension | null;
  readonly loseContext: WEBGL_lose_context | null;
}

/** EXT_disjoint_timer_query_webgl2, which the DOM types lack. */
export interface TimerQueryExtension {
  readonly TIME_ELAPSED_EXT: GLenum;
  readonly GPU_DISJOINT_EXT: GLenum;
}

/** KHR_parallel_shader_compile, which the DOM types lack. */
export interface ParallelCompileExtension {
  readonly COMPLETION_STATUS_KHR: GLenum;
}

/** Makes a device behave like a lesser one, to test on any machine what happens there. */
export interface Restrictions {
  readonly maximumTextureSize?: number;
  readonly maximumArrayLayers?: number;
  /** Extensions that are treated as missing. */
  readonly withoutExtensions?: readonly string[];
}

export function readCapabilities(gl: WebGL2RenderingContext, restrictions: Restrictions = {}): Capabilities {
  const { withoutExtensions = [], maximumTextureSize = Infinity, maximumArrayLayers = Infinity } = restrictions;
  const extension = (name: string): unknown => (withoutExtensions.includes(name) ? null : gl.getExtension(name));
  const limit = (parameter: GLenum): number => Number(gl.getParameter(parameter));
  const rendererInfo = extension('WEBGL_debug_renderer_info') as WEBGL_debug_renderer_info | null;
  return {
    rendererName: String(gl.getParameter(rendererInfo ? rendererInfo.UNMASKED_RENDERER_WEBGL : gl.RENDERER)),
    // A target must also fit the viewport and a renderbuffer; on some mobile GPUs these are the smaller ones.
    maximumTextureSize: Math.min(
      limit(gl.MAX_TEXTURE_SIZE),
      limit(gl.MAX_RENDERBUFFER_SIZE),
      ...(gl.getParameter(gl.MAX_VIEWPORT_DIMS) as Int32Array),
      maximumTextureSize,
    ),
    maximumArrayLayers: Math.min(limit(gl.MAX_ARRAY_TEXTURE_LAYERS), maximumArrayLayers),
    floatTargets: extension('EXT_color_buffer_float') !== null,
    floatBlending: extension('EXT_float_blend') !== null,
    timerQueries: extension('EXT_disjoint_timer_query_webgl2') as TimerQueryExtension | null,
    parallelCompilation: extension('KHR_parallel_shader_compile') as ParallelCompileExtension | null,
    loseContext: extension('WEBGL_lose_context') as WEBGL_lose_context | null,
  };
}
