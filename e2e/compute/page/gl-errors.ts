/**
 * Every GL error of this thread, whoever asked for it: one that the engine asks for and swallows, one that nobody asks
 * for, and one that goes with its context. Imported before anything makes a context.
 */
const NO_ERROR = 0;
const CONTEXT_LOST_WEBGL = 0x9242;
/** Each kind of error is kept once. */
const MOST_ERRORS = 8;

const { prototype } = WebGL2RenderingContext;
const { getError, getExtension } = prototype;
const contexts = new Set<WebGL2RenderingContext>();
const recorded: number[] = [];

function ask(gl: WebGL2RenderingContext): number {
  const code = Reflect.apply(getError, gl, []) as number;
  if (code !== NO_ERROR && code !== CONTEXT_LOST_WEBGL) recorded.push(code);
  return code;
}

function askAll(gl: WebGL2RenderingContext): void {
  for (let error = 0; error < MOST_ERRORS && ask(gl) !== NO_ERROR; error++);
}

prototype.getError = function recordingError(this: WebGL2RenderingContext) {
  return ask(this);
};

prototype.getExtension = function watchingLosses(this: WebGL2RenderingContext, name: string): unknown {
  contexts.add(this);
  const extension: unknown = Reflect.apply(getExtension, this, [name]);
  if (name !== 'WEBGL_lose_context' || !extension) return extension;
  const { loseContext } = extension as WEBGL_lose_context;
  (extension as WEBGL_lose_context).loseContext = () => {
    askAll(this); // or they would be gone
    Reflect.apply(loseContext, extension, []);
  };
  return extension;
} as typeof getExtension;

/** Codes of all errors so far; they are not given again. */
export function takeGlErrors(): number[] {
  for (const gl of contexts) if (!gl.isContextLost()) askAll(gl);
  return recorded.splice(0);
}
