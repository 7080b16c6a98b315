import type { Host } from './host.ts';
import { OverlayCanvases } from './overlay-canvas.ts';
import { allViewports, type Viewport, viewportOf } from './viewports.ts';

/** A marked place in the patient. */
export interface MarkedPoint {
  /** Patient coordinates in mm. */
  readonly world: readonly [number, number, number];
  /** CSS color. */
  readonly color: string;
  readonly isSelected: boolean;
}

export interface PointOverlay {
  /** Draws again, after the points have changed. */
  redraw(): void;
  destroy(): void;
}

const RADIUS_PX = 5;

/** Marks points over every 3D viewport, in front of whatever is rendered there. */
export function createPointOverlay(host: Host, points: () => readonly MarkedPoint[]): PointOverlay {
  const { IMAGE_RENDERED, ELEMENT_DISABLED } = host.cornerstone.Enums.Events;
  const canvases = new OverlayCanvases('voxelwise-point-overlay');

  const drawViewport = (viewport: Viewport) => {
    if (viewport.type !== 'volume3d') return;
    const marked = points();
    if (marked.length === 0 && !canvases.has(viewport)) return;
    const context = canvases.begin(viewport);
    if (!context) return;
    context.lineWidth = 2;
    for (const { world, color, isSelected } of marked) {
      const [x, y] = viewport.worldToCanvas(world);
      context.beginPath();
      context.arc(x, y, isSelected ? RADIUS_PX * 1.6 : RADIUS_PX, 0, 2 * Math.PI);
      context.fillStyle = color;
      context.strokeStyle = isSelected ? '#ffffff' : '#000000';
      context.fill();
      context.stroke();
    }
  };

  const onRendered = (event: Event) => {
    const viewport = viewportOf(host, (event as CustomEvent<{ element: Element }>).detail.element);
    if (viewport) drawViewport(viewport);
  };
  const onDisabled = (event: Event) => {
    canvases.remove((event as CustomEvent<{ element: Element }>).detail.element);
  };
  document.addEventListener(IMAGE_RENDERED, onRendered, true);
  host.cornerstone.eventTarget.addEventListener(ELEMENT_DISABLED, onDisabled);
  return {
    redraw: () => allViewports(host).forEach(drawViewport),
    destroy() {
      document.removeEventListener(IMAGE_RENDERED, onRendered, true);
      host.cornerstone.eventTarget.removeEventListener(ELEMENT_DISABLED, onDisabled);
      canvases.destroy();
    },
  };
}
