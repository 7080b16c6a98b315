import type { Host } from './host.ts';
import { OverlayCanvases } from './overlay-canvas.ts';
import { onViewportClick } from './viewport-click.ts';
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

/**
 * Lays pictures over every viewport that shows one of the source's slices, and passes clicks on. A canvas of our own
 * instead of a labelmap: one slice is drawn per change, nothing is uploaded for the others, and the host's viewports
 * stay the stack viewports they are. See docs/decisions/0003-slice-overlay.md.
 */
export function createSliceOverlay(host: Host, source: OverlaySource): SliceOverlay {
  const { cornerstone } = host;
  const { IMAGE_RENDERED, ELEMENT_DISABLED } = cornerstone.Enums.Events;
  const canvases = new OverlayCanvases('voxelwise-slice-overlay');
  /** The picture that was drawn last, as a canvas: it is what a browser can draw turned and magnified. */
  const converted = document.createElement('canvas');
  let drawn: ImageData | null = null;

  const drawViewport = (viewport: Viewport) => {
    const imageId = currentImageId(viewport);
    const picture = imageId ? source.pictureOf(imageId) : null;
    if (!picture && !canvases.has(viewport)) return;
    const context = canvases.begin(viewport);
    if (!context || !picture) return;
    const { plane, pixels } = picture;
    const canvasPoint = (column: number, row: number) => viewport.worldToCanvas(plane.toWorld(column, row));
    // Pixel (0, 0) covers -0.5 .. 0.5, so the picture's corner lies half a pixel before its first centre.
    const [x, y] = canvasPoint(-0.5, -0.5);
    const [xRow, yRow] = canvasPoint(0.5, -0.5);
    const [xColumn, yColumn] = canvasPoint(-0.5, 0.5);
    context.transform(xRow - x, yRow - y, xColumn - x, yColumn - y, x, y);
    context.imageSmoothingEnabled = false;
    context.drawImage(asCanvas(pixels), 0, 0);
  };

  const asCanvas = (pixels: ImageData): HTMLCanvasElement => {
    if (drawn === pixels) return converted;
    drawn = pixels;
    if (converted.width !== pixels.width) converted.width = pixels.width;
    if (converted.height !== pixels.height) converted.height = pixels.height;
    converted.getContext('2d')?.putImageData(pixels, 0, 0);
    return converted;
  };

  const onRendered = (event: Event) => {
    const { element } = (event as CustomEvent<{ element: Element }>).detail;
    const viewport = viewportOf(host, element);
    if (viewport) drawViewport(viewport);
  };
  const onDisabled = (event: Event) => {
    const { element } = (event as CustomEvent<{ element: Element }>).detail;
    canvases.remove(element);
  };
  const stopClicks = onViewportClick(host, (viewport, canvas) => {
    const imageId = currentImageId(viewport);
    const picture = imageId ? source.pictureOf(imageId) : null;
    if (!imageId || !picture) return;
    const [column, row] = picture.plane.toImage(viewport.canvasToWorld(canvas));
    source.onClick(imageId, [Math.round(column), Math.round(row)]);
  });

  // Rendering events bubble from the viewport's element; enabling and disabling are told to Cornerstone's own target.
  document.addEventListener(IMAGE_RENDERED, onRendered, true);
  cornerstone.eventTarget.addEventListener(ELEMENT_DISABLED, onDisabled);
  const redraw = () => allViewports(host).forEach(drawViewport);
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
