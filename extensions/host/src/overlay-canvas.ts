import type { Viewport } from './viewports.ts';

/**
 * A canvas that is drawn by the processor: pictures come from memory, and handing them to a graphics unit takes longer than drawing
 * them. Without a real one, frames of the perfusion mode's timeline came at less than half the rate.
 */
export const IN_MEMORY: CanvasRenderingContext2DSettings = { willReadFrequently: true };

/** Canvases that lie over viewports, one each, made when something is first drawn there. */
export class OverlayCanvases {
  readonly #className: string;
  readonly #onCreate: ((canvas: HTMLCanvasElement) => void) | undefined;
  readonly #canvases = new Map<Element, HTMLCanvasElement>();

  /** @param onCreate called with every new canvas, before it is drawn on */
  constructor(className: string, onCreate?: (canvas: HTMLCanvasElement) => void) {
    this.#className = className;
    this.#onCreate = onCreate;
  }

  /** True when something was drawn over this viewport before. */
  has({ element }: Viewport): boolean {
    return this.#canvases.has(element);
  }

  /** A cleared drawing context in CSS pixels, as large as the viewport. */
  begin({ element }: Viewport): CanvasRenderingContext2D | null {
    const canvas = this.#canvasOf(element);
    const context = canvas.getContext('2d', IN_MEMORY);
    if (!context) return null;
    const scale = window.devicePixelRatio;
    const width = Math.round(element.clientWidth * scale);
    const height = Math.round(element.clientHeight * scale);
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    return context;
  }

  /** Lets a canvas take the pointer, with this CSS cursor; null lets everything through to the viewport. */
  setInteractive({ element }: Viewport, cursor: string | null): void {
    const canvas = this.#canvases.get(element);
    if (!canvas) return;
    canvas.style.pointerEvents = cursor === null ? 'none' : 'auto';
    canvas.style.cursor = cursor ?? '';
  }

  remove(element: Element): void {
    this.#canvases.get(element)?.remove();
    this.#canvases.delete(element);
  }

  destroy(): void {
    for (const element of [...this.#canvases.keys()]) this.remove(element);
  }

  #canvasOf(element: HTMLElement): HTMLCanvasElement {
    let canvas = this.#canvases.get(element);
    if (!canvas?.isConnected) {
      canvas = document.createElement('canvas');
      canvas.className = this.#className;
      canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none;touch-action:none';
      this.#onCreate?.(canvas);
      (element.querySelector('.viewport-element') ?? element).appendChild(canvas);
      this.#canvases.set(element, canvas);
    }
    return canvas;
  }
}
