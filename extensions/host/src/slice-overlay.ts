import type { Host } from './host.ts';
import { IN_MEMORY, OverlayCanvases } from './overlay-canvas.ts';
import { onViewportClick } from './viewport-click.ts';
import {
  allViewports,
  type CanvasPoint,
  currentImageId,
  type ImagePlane,
  type Viewport,
  viewportOf,
} from './viewports.ts';

/** A picture of one slice, one RGBA pixel per image pixel, drawn over the slice by the overlay. */
export interface SlicePicture {
  readonly pixels: ImageData;
  readonly plane: ImagePlane;
}

/** Something to draw with, in CSS pixels of a viewport. */
export interface OverlayPen {
  readonly context: CanvasRenderingContext2D;
  /** Size of the viewport. */
  readonly width: number;
  readonly height: number;
  /** Where image pixel [column, row] lies. */
  toCanvas(pixel: readonly [number, number]): CanvasPoint;
}

/** What an overlay draws over viewports. */
export interface OverlaySource {
  /** Picture for the slice that shows this image in a viewport; null where there is nothing to draw. */
  pictureOf(imageId: string, viewportId: string): SlicePicture | null;
  /** Draws lines and words over the picture. Where there is no picture it is not asked. */
  annotate?(imageId: string, viewportId: string, pen: OverlayPen): void;
  /** A click or tap, without a drag, on image pixel [column, row]. */
  onClick(imageId: string, pixel: readonly [number, number], viewportId: string): void;
}

export interface SliceOverlay {
  /** Draws again, after the source has changed: all viewports, or those with these ids. */
  redraw(viewportIds?: readonly string[]): void;
  destroy(): void;
}

/**
 * Lays pictures over every viewport that shows one of the source's slices, and passes clicks on. A canvas of our own
 * instead of a labelmap: one slice is drawn per change, nothing is uploaded for the others, and the host's viewports
 * stay the stack viewports they are. See docs/decisions/0003-slice-overlay.md.
 */
export function createSliceOverlay(host: Host, source: OverlaySource): SliceOverlay {
  const { cornerstone } = host;
  const { IMAGE_RENDERED, ELEMENT_DISABLED } = cornerstone.Enums.Events;
  const canvases = new OverlayCanvases('voxelwise-slice-overlay');
  /** The pictures that were drawn last, by viewport, as canvases: those are what a browser can draw turned and magnified. */
  const converted = new Map<string, { readonly canvas: HTMLCanvasElement; drawn: ImageData | null }>();

  const drawViewport = (viewport: Viewport) => {
    const imageId = currentImageId(viewport);
    const picture = imageId ? source.pictureOf(imageId, viewport.id) : null;
    if (!picture && !canvases.has(viewport)) return;
    const context = canvases.begin(viewport);
    if (!context || !imageId || !picture) return;
    const { plane, pixels } = picture;
    const canvasPoint = (column: number, row: number) => viewport.worldToCanvas(plane.toWorld(column, row));
    // Pixel (0, 0) covers -0.5 .. 0.5, so the picture's corner lies half a pixel before its first centre.
    const [x, y] = canvasPoint(-0.5, -0.5);
    const [xRow, yRow] = canvasPoint(0.5, -0.5);
    const [xColumn, yColumn] = canvasPoint(-0.5, 0.5);
    context.save();
    context.transform(xRow - x, yRow - y, xColumn - x, yColumn - y, x, y);
    context.imageSmoothingEnabled = false;
    context.drawImage(asCanvas(pixels, viewport.id), 0, 0);
    context.restore();
    const { clientWidth: width, clientHeight: height } = viewport.element;
    const toCanvas = ([column, row]: readonly [number, number]) => canvasPoint(column, row);
    source.annotate?.(imageId, viewport.id, { context, width, height, toCanvas });
  };

  const asCanvas = (pixels: ImageData, viewportId: string): HTMLCanvasElement => {
    let last = converted.get(viewportId);
    if (!last) {
      last = { canvas: document.createElement('canvas'), drawn: null };
      converted.set(viewportId, last);
    }
    const { canvas } = last;
    if (last.drawn === pixels) return canvas;
    last.drawn = pixels;
    if (canvas.width !== pixels.width) canvas.width = pixels.width;
    if (canvas.height !== pixels.height) canvas.height = pixels.height;
    canvas.getContext('2d', IN_MEMORY)?.putImageData(pixels, 0, 0);
    return canvas;
  };

  const onRendered = (event: Event) => {
    const { element } = (event as CustomEvent<{ element: Element }>).detail;
    const viewport = viewportOf(host, element);
    if (viewport) drawViewport(viewport);
  };
  const onDisabled = (event: Event) => {
    const { element, viewportId } = (event as CustomEvent<{ element: Element; viewportId: string }>).detail;
    canvases.remove(element);
    converted.delete(viewportId);
  };
  const stopClicks = onViewportClick(host, (viewport, canvas) => {
    const imageId = currentImageId(viewport);
    const picture = imageId ? source.pictureOf(imageId, viewport.id) : null;
    if (!imageId || !picture) return;
    const [column, row] = picture.plane.toImage(viewport.canvasToWorld(canvas));
    source.onClick(imageId, [Math.round(column), Math.round(row)], viewport.id);
  });

  // Rendering events bubble from the viewport's element; enabling and disabling are told to Cornerstone's own target.
  document.addEventListener(IMAGE_RENDERED, onRendered, true);
  cornerstone.eventTarget.addEventListener(ELEMENT_DISABLED, onDisabled);
  const redraw = (viewportIds?: readonly string[]) => {
    for (const viewport of allViewports(host)) {
      if (!viewportIds || viewportIds.includes(viewport.id)) drawViewport(viewport);
    }
  };
  redraw();

  return {
    redraw,
    destroy() {
      document.removeEventListener(IMAGE_RENDERED, onRendered, true);
      stopClicks();
      cornerstone.eventTarget.removeEventListener(ELEMENT_DISABLED, onDisabled);
      canvases.destroy();
    },
  };
}
