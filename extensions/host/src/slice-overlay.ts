import type { Host } from './host.ts';
import { allViewports, currentImageId, type ImagePlane, type Viewport, viewportOf } from './viewports.ts';

/** A picture of one slice, one RGBA pixel per image pixel, drawn over the slice by the overlay. */
export interface SlicePicture {
  readonly pixels: ImageData;
  readonly plane: ImagePlane;
}

/** What an overlay draws over viewports. */
export interface OverlaySource {
  /** Picture for the slice that shows this image; null where there is nothing to draw. */
  pictureOf(imageId: string): SlicePicture | null;
  /** A click or tap, without a drag, on image pixel [column, row]. */
  onClick(imageId: string, pixel: readonly [number, number]): void;
}

export interface SliceOverlay {
  /** Draws again, after the source has changed. */
  redraw(): void;
  destroy(): void;
}

const CLASS_NAME = 'voxelwise-slice-overlay';

/**
 * Lays pictures over every viewport that shows one of the source's slices, and passes clicks on. A canvas of our own
 * instead of a labelmap: one slice is drawn per change, nothing is uploaded for the others, and the host's viewports
 * stay the stack viewports they are. See docs/decisions/0003-slice-overlay.md.
 */
export function createSliceOverlay(host: Host, source: OverlaySource): SliceOverlay {
  const { cornerstone, tools } = host;
  const { IMAGE_RENDERED, ELEMENT_DISABLED } = cornerstone.Enums.Events;
  const { MOUSE_CLICK, TOUCH_TAP } = tools.Enums.Events;
  const canvases = new Map<Element, HTMLCanvasElement>();
  /** The last picture that was turned into a bitmap-sized canvas, so that panning and zooming do not convert it again. */
  const scratch = new WeakMap<ImageData, HTMLCanvasElement>();

  const drawViewport = (viewport: Viewport) => {
    const imageId = currentImageId(viewport);
    const picture = imageId ? source.pictureOf(imageId) : null;
    if (!picture && !canvases.has(viewport.element)) return;
    const canvas = canvasFor(viewport.element);
    const context = canvas.getContext('2d');
    if (!context) return;
    fitToElement(canvas, viewport.element);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (!picture) return;
    const { plane, pixels } = picture;
    const canvasPoint = (column: number, row: number) => viewport.worldToCanvas(plane.toWorld(column, row));
    // Pixel (0, 0) covers -0.5 .. 0.5, so the picture's corner lies half a pixel before its first centre.
    const [x, y] = canvasPoint(-0.5, -0.5);
    const [xRow, yRow] = canvasPoint(0.5, -0.5);
    const [xColumn, yColumn] = canvasPoint(-0.5, 0.5);
    const scale = window.devicePixelRatio;
    context.setTransform(
      (xRow - x) * scale,
      (yRow - y) * scale,
      (xColumn - x) * scale,
      (yColumn - y) * scale,
      x * scale,
      y * scale,
    );
    context.imageSmoothingEnabled = false;
    context.drawImage(asCanvas(pixels), 0, 0);
  };

  const canvasFor = (element: HTMLDivElement): HTMLCanvasElement => {
    let canvas = canvases.get(element);
    if (!canvas?.isConnected) {
      canvas = document.createElement('canvas');
      canvas.className = CLASS_NAME;
      canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none';
      (element.querySelector('.viewport-element') ?? element).appendChild(canvas);
      canvases.set(element, canvas);
    }
    return canvas;
  };

  const asCanvas = (pixels: ImageData): HTMLCanvasElement => {
    let canvas = scratch.get(pixels);
    if (!canvas) {
      canvas = document.createElement('canvas');
      canvas.width = pixels.width;
      canvas.height = pixels.height;
      canvas.getContext('2d')?.putImageData(pixels, 0, 0);
      scratch.set(pixels, canvas);
    }
    return canvas;
  };

  const onRendered = (event: Event) => {
    const { element } = (event as CustomEvent<{ element: Element }>).detail;
    const viewport = viewportOf(host, element);
    if (viewport) drawViewport(viewport);
  };
  const onDisabled = (event: Event) => {
    const { element } = (event as CustomEvent<{ element: Element }>).detail;
    canvases.get(element)?.remove();
    canvases.delete(element);
  };
  const onClick = (event: Event) => {
    const { element, currentPoints } = (
      event as CustomEvent<{ element: Element; currentPoints: { world: readonly number[] } }>
    ).detail;
    const viewport = viewportOf(host, element);
    const imageId = viewport && currentImageId(viewport);
    const picture = imageId ? source.pictureOf(imageId) : null;
    if (!imageId || !picture) return;
    const [column, row] = picture.plane.toImage(currentPoints.world);
    source.onClick(imageId, [Math.round(column), Math.round(row)]);
  };

  // Rendering events bubble from the viewport's element; enabling and disabling are told to Cornerstone's own target.
  document.addEventListener(IMAGE_RENDERED, onRendered, true);
  document.addEventListener(MOUSE_CLICK, onClick, true);
  document.addEventListener(TOUCH_TAP, onClick, true);
  cornerstone.eventTarget.addEventListener(ELEMENT_DISABLED, onDisabled);
  const redraw = () => allViewports(host).forEach(drawViewport);
  redraw();

  return {
    redraw,
    destroy() {
      document.removeEventListener(IMAGE_RENDERED, onRendered, true);
      document.removeEventListener(MOUSE_CLICK, onClick, true);
      document.removeEventListener(TOUCH_TAP, onClick, true);
      cornerstone.eventTarget.removeEventListener(ELEMENT_DISABLED, onDisabled);
      for (const canvas of canvases.values()) canvas.remove();
      canvases.clear();
    },
  };
}

function fitToElement(canvas: HTMLCanvasElement, element: HTMLElement): void {
  const width = Math.round(element.clientWidth * window.devicePixelRatio);
  const height = Math.round(element.clientHeight * window.devicePixelRatio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
