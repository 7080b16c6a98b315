import type { Host } from './host.ts';
import { allViewports, type CanvasPoint, type Viewport } from './viewports.ts';

/** A pointer that moved further than this between down and up has dragged: the tool under it gets that, not we. */
const CLICK_RADIUS_PX = 4;

/**
 * Clicks and taps on viewports, in canvas coordinates. Pointer events are read directly: Cornerstone's own click event
 * comes only after its double-click time, and swallows the second of two quick clicks on different lesions.
 * Nothing is reported while an annotation tool (length, ROI ...) has the primary button: that click is its point.
 * @returns a function that stops listening
 */
export function onViewportClick(host: Host, onClick: (viewport: Viewport, canvas: CanvasPoint) => void): () => void {
  let down: { readonly x: number; readonly y: number; readonly pointerId: number } | null = null;

  const onPointerDown = ({ button, isPrimary, clientX, clientY, pointerId }: PointerEvent) => {
    down = button === 0 && isPrimary ? { x: clientX, y: clientY, pointerId } : null;
  };
  const onPointerUp = (event: PointerEvent) => {
    const { clientX, clientY, pointerId, target } = event;
    const isClick =
      down !== null &&
      down.pointerId === pointerId &&
      Math.hypot(clientX - down.x, clientY - down.y) <= CLICK_RADIUS_PX;
    down = null;
    if (!isClick || event.ctrlKey || event.shiftKey || event.altKey || event.metaKey) return;
    const viewport = allViewports(host).find(({ element }) => element.contains(target as Node));
    if (!viewport || isAnnotating(host, viewport)) return;
    const { left, top } = viewport.element.getBoundingClientRect();
    onClick(viewport, [clientX - left, clientY - top]);
  };

  document.addEventListener('pointerdown', onPointerDown, true);
  document.addEventListener('pointerup', onPointerUp, true);
  return () => {
    document.removeEventListener('pointerdown', onPointerDown, true);
    document.removeEventListener('pointerup', onPointerUp, true);
  };
}

function isAnnotating({ cornerstone, tools }: Host, { id }: Viewport): boolean {
  const engine = (cornerstone.getRenderingEngines() ?? []).find(candidate => candidate?.getViewport(id));
  const group = engine && tools.ToolGroupManager.getToolGroupForViewport(id, engine.id);
  const name = group?.getActivePrimaryMouseButtonTool();
  return name !== undefined && group?.getToolInstance(name) instanceof tools.AnnotationTool;
}
