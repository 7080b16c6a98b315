import { ContextLostError } from './errors.ts';

/** Often enough for small work, seldom enough not to take a core from a software renderer. */
const POLL_MS = 2;

/** Puts a fence behind everything issued so far. Without the flush it might never be reached. */
export function createFence(gl: WebGL2RenderingContext): WebGLSync {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  if (!fence) throw new ContextLostError();
  return fence;
}

/**
 * Resolves when the GPU has passed the fence, without blocking the thread.
 * @param waiting is called meanwhile; what it throws ends the waiting
 * @throws ContextLostError
 */
export async function passFence(gl: WebGL2RenderingContext, fence: WebGLSync, waiting?: () => void): Promise<void> {
  try {
    for (;;) {
      const status = gl.clientWaitSync(fence, 0, 0);
      // A lost context fails every wait; the second check ends the loop where a driver reports something else.
      if (status === gl.WAIT_FAILED || gl.isContextLost()) throw new ContextLostError();
      if (status !== gl.TIMEOUT_EXPIRED) return;
      waiting?.();
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  } finally {
    gl.deleteSync(fence);
  }
}
