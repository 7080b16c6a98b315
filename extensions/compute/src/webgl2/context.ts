import { DeviceUnavailableError } from './errors.ts';

export type ComputeCanvas = OffscreenCanvas | HTMLCanvasElement;

export interface ComputeContext {
  readonly canvas: ComputeCanvas;
  readonly gl: WebGL2RenderingContext;
}

/** Whether this runtime could have WebGL2 at all; a context may still be refused. */
export function isWebgl2Runtime(): boolean {
  return typeof OffscreenCanvas !== 'undefined' || typeof document !== 'undefined';
}

/**
 * A WebGL2 context that is only computed with: nothing is ever shown, so the canvas stays one pixel large.
 * @throws DeviceUnavailableError where the runtime or the machine has no WebGL2
 */
export function createComputeContext(): ComputeContext {
  if (!isWebgl2Runtime()) throw new DeviceUnavailableError('this runtime has no WebGL2');
  for (const canvas of canvases()) {
    const gl = canvas.getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      stencil: false,
      powerPreference: 'high-performance',
    }) as WebGL2RenderingContext | null;
    if (gl) return { canvas, gl };
  }
  throw new DeviceUnavailableError('this browser or machine gives no WebGL2 context');
}

/** Some browsers have OffscreenCanvas without WebGL2, and give that to the elements of a page. */
function* canvases(): Iterable<ComputeCanvas> {
  if (typeof OffscreenCanvas !== 'undefined') yield new OffscreenCanvas(1, 1);
  if (typeof document === 'undefined') return;
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  yield canvas;
}
