import type { TimerQueryExtension } from './capabilities.ts';

/** Results come at the earliest in a later task; a driver that has none after this many is not waited for. */
const MOST_POLLS = 4;

/** Time that the GPU spends between begin and end. */
export class TimerQuery {
  private readonly gl: WebGL2RenderingContext;
  private readonly extension: TimerQueryExtension;
  private readonly query: WebGLQuery;

  /** Begins to measure. Queries of this kind cannot be nested. */
  constructor(gl: WebGL2RenderingContext, extension: TimerQueryExtension) {
    this.gl = gl;
    this.extension = extension;
    this.query = gl.createQuery();
    gl.beginQuery(extension.TIME_ELAPSED_EXT, this.query);
  }

  end(): void {
    this.gl.endQuery(this.extension.TIME_ELAPSED_EXT);
  }

  /** Milliseconds, or null where the GPU was interrupted meanwhile or gives no answer. Frees the query. */
  async result(): Promise<number | null> {
    const { gl, query } = this;
    try {
      for (let poll = 0; poll < MOST_POLLS; poll++) {
        if (gl.getQueryParameter(query, gl.QUERY_RESULT_AVAILABLE)) {
          if (gl.getParameter(this.extension.GPU_DISJOINT_EXT)) return null;
          return Number(gl.getQueryParameter(query, gl.QUERY_RESULT)) / 1e6;
        }
        await new Promise(resolve => setTimeout(resolve, 1));
      }
      return null;
    } finally {
      this.discard();
    }
  }

  discard(): void {
    this.gl.deleteQuery(this.query);
  }
}
