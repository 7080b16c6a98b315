import { ContextLostError, GlCallError, OutOfGpuMemoryError } from './errors.ts';

const CODES = ['INVALID_ENUM', 'INVALID_VALUE', 'INVALID_OPERATION', 'INVALID_FRAMEBUFFER_OPERATION'] as const;

/**
 * Asks whether WebGL refused anything since it was last asked; a refused call changes nothing and says nothing by itself.
 * The question waits until the GPU process has seen every call, so it is asked where the answer is waited for anyway.
 * @param doing for the message, which names when the error was noticed: it can be that of an earlier call
 * @param bytes that were asked for, where this is an allocation
 * @throws GlCallError, OutOfGpuMemoryError, ContextLostError
 */
export function assertNoGlError(gl: WebGL2RenderingContext, doing: string, bytes = 0): void {
  const code = gl.getError();
  if (code === gl.NO_ERROR) return;
  if (code === gl.CONTEXT_LOST_WEBGL) throw new ContextLostError();
  if (code === gl.OUT_OF_MEMORY) throw new OutOfGpuMemoryError(bytes);
  throw new GlCallError(doing, CODES.find(name => gl[name] === code) ?? `0x${code.toString(16)}`);
}

/** Every kind of error is kept once, and a lost context gives its own code once. */
const MOST_ERRORS = 8;

/** Forgets errors of work that has failed already, so that the next one does not answer for them. */
export function forgetGlErrors(gl: WebGL2RenderingContext): void {
  for (let error = 0; error < MOST_ERRORS && gl.getError() !== gl.NO_ERROR; error++);
}
