import { ContextLostError } from './errors.ts';

const POLL_MS = 2;

/**
 * Whether any fragment of what is drawn was written, without blocking the thread.
 * @param waiting is called while the GPU has no answer; what it throws ends the waiting
 * @throws ContextLostError
 */
export async function anySamplesPassed(
  gl: WebGL2RenderingContext,
  draw: () => void,
  waiting?: () => void,
): Promise<boolean> {
  const query = gl.createQuery();
  try {
    gl.beginQuery(gl.ANY_SAMPLES_PASSED, query);
    try {
      draw();
    } finally {
      gl.endQuery(gl.ANY_SAMPLES_PASSED);
    }
    gl.flush(); // or the GPU might never come to it
    for (;;) {
      // An answer is there in a later task at the earliest; a lost context never has one.
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
      if (gl.isContextLost()) throw new ContextLostError();
      if (gl.getQueryParameter(query, gl.QUERY_RESULT_AVAILABLE)) break;
      waiting?.();
    }
    return Boolean(gl.getQueryParameter(query, gl.QUERY_RESULT));
  } finally {
    gl.deleteQuery(query);
  }
}
