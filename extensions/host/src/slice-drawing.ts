import {
  type AreaShape,
  type DrawnShape,
  ellipseBetween,
  extentOf,
  handlesOf,
  type ImagePoint,
  withHandleAt,
} from './drawing-shapes.ts';
import type { Host } from './host.ts';
import { OverlayCanvases } from './overlay-canvas.ts';
import { allViewports, type CanvasPoint, currentImageId, type ImagePlane, type Viewport } from './viewports.ts';

/** A line of text beside a shape on an image, also while it is drawn; '' for none. */
export type ShapeCaption = (imageId: string, shape: AreaShape) => string;

/** What the primary button draws. */
export type DrawingTool =
  | { readonly kind: 'line'; readonly color: string }
  | { readonly kind: 'ellipse' | 'polygon'; readonly color: string; readonly captionOf?: ShapeCaption }
  | { readonly kind: 'stroke'; readonly color: string; readonly radiusMm: number };

export interface ShownShape {
  readonly shape: AreaShape;
  readonly color: string;
  /** The tool that there is draws other shapes: this one has no handles. */
  readonly isFixed?: boolean;
  readonly captionOf?: ShapeCaption;
}

/** What can be drawn where, and what becomes of it. */
export interface DrawingSource {
  /** The plane of a slice that can be drawn on; null for any other image. */
  planeOf(imageId: string): ImagePlane | null;
  /** Null leaves the pointer to the host. */
  tool(): DrawingTool | null;
  /** Shapes drawn earlier that lie on the slice. With a tool for areas they can be changed by their handles. */
  shapesOn(imageId: string): readonly ShownShape[];
  onDrawn(imageId: string, shape: DrawnShape): void;
  onReshaped(imageId: string, index: number, shape: AreaShape): void;
}

export interface SliceDrawing {
  /** Shows a changed tool or changed shapes. */
  redraw(): void;
  /** Drops what is being drawn. @returns false when nothing is */
  cancel(): boolean;
  destroy(): void;
}

/** A drawing under way: everything since the button went down. */
interface Gesture {
  readonly pointerId: number;
  readonly viewportId: string;
  readonly imageId: string;
  readonly tool: DrawingTool;
  readonly path: ImagePoint[];
  /** The handle of a shape that is being moved, instead of a new shape. */
  readonly grabbed: { readonly index: number; readonly handle: number; readonly shape: AreaShape } | null;
}

const HANDLE_RADIUS_PX = 4;
const GRAB_RADIUS_PX = 10;
const CAPTION_GAP_PX = 8;
const CAPTION_HEIGHT_PX = 16;
/** What is smaller than this on the screen was a click, not a drawing. */
const SMALLEST_PX = 5;
/** Points of a path closer to the last one than this, in image pixels, add nothing. */
const STEP_PIXELS = 0.5;
/** Events that start the host's own tools or its one-up view. */
const HOST_EVENTS = ['mousedown', 'touchstart', 'dblclick'] as const;

/**
 * Lets readers draw on slices with mouse, pen or finger: a line, an ellipse, a free-hand outline, a brush stroke. While
 * there is a tool, a canvas over every viewport that shows such a slice takes the primary button; the other buttons and
 * the wheel stay the host's.
 */
export function createSliceDrawing(host: Host, source: DrawingSource): SliceDrawing {
  const { IMAGE_RENDERED, ELEMENT_DISABLED } = host.cornerstone.Enums.Events;
  let gesture: Gesture | null = null;
  /** Where the pointer is, for the brush's cursor. */
  let hover: { readonly viewportId: string; readonly point: CanvasPoint } | null = null;

  const viewportUnder = ({ currentTarget }: Event): Viewport | undefined =>
    allViewports(host).find(({ element }) => element.contains(currentTarget as Node));

  const surface = (viewport: Viewport): { imageId: string; plane: ImagePlane } | null => {
    const imageId = currentImageId(viewport);
    const plane = imageId ? source.planeOf(imageId) : null;
    return imageId && plane ? { imageId, plane } : null;
  };

  const canvasPointOf = (viewport: Viewport, { clientX, clientY }: PointerEvent): CanvasPoint => {
    const { left, top } = viewport.element.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };

  const onPointerDown = (event: PointerEvent) => {
    const viewport = viewportUnder(event);
    const under = viewport && surface(viewport);
    const tool = source.tool();
    if (!viewport || !under || !tool || gesture || event.button !== 0 || !event.isPrimary) return;
    event.stopPropagation();
    event.preventDefault();
    // Without its default a press leaves the focus where it was, and the next keys would go to a text field.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const point = canvasPointOf(viewport, event);
    gesture = {
      pointerId: event.pointerId,
      viewportId: viewport.id,
      imageId: under.imageId,
      tool,
      path: [under.plane.toImage(viewport.canvasToWorld(point))],
      grabbed: tool.kind === 'ellipse' || tool.kind === 'polygon' ? handleAt(viewport, under, point) : null,
    };
    drawViewport(viewport);
  };

  const onPointerMove = (event: PointerEvent) => {
    const viewport = viewportUnder(event);
    const under = viewport && surface(viewport);
    if (!viewport || !under || !source.tool()) return;
    hover = { viewportId: viewport.id, point: canvasPointOf(viewport, event) };
    if (gesture?.pointerId === event.pointerId && gesture.imageId === under.imageId) {
      event.stopPropagation();
      const [x, y] = under.plane.toImage(viewport.canvasToWorld(hover.point));
      const [lastX, lastY] = gesture.path.at(-1)!;
      if (Math.hypot(x - lastX, y - lastY) >= STEP_PIXELS) gesture.path.push([x, y]);
    }
    drawViewport(viewport);
  };

  const onPointerUp = (event: PointerEvent) => {
    if (gesture?.pointerId !== event.pointerId) return;
    event.stopPropagation();
    const ended = gesture;
    gesture = null;
    const viewport = viewportUnder(event);
    const under = viewport && surface(viewport);
    if (!viewport || under?.imageId !== ended.imageId) return;
    const shape = shapeOf(ended);
    if (ended.grabbed) source.onReshaped(ended.imageId, ended.grabbed.index, shape as AreaShape);
    else if (shape.kind === 'stroke' || isDrawing(viewport, under.plane, shape)) source.onDrawn(ended.imageId, shape);
    drawViewport(viewport);
  };

  const onPointerLeave = (event: PointerEvent) => {
    hover = null;
    const viewport = viewportUnder(event);
    if (viewport) drawViewport(viewport);
  };

  const handleAt = (
    viewport: Viewport,
    { imageId, plane }: { imageId: string; plane: ImagePlane },
    at: CanvasPoint,
  ) => {
    for (const [index, { shape, isFixed }] of source.shapesOn(imageId).entries()) {
      if (isFixed) continue;
      const handle = handlesOf(shape).findIndex(([x, y]) => {
        const [left, top] = viewport.worldToCanvas(plane.toWorld(x, y));
        return Math.hypot(left - at[0], top - at[1]) <= GRAB_RADIUS_PX;
      });
      if (handle >= 0) return { index, handle, shape };
    }
    return null;
  };

  const onWheel = (event: Event) => {
    if (!gesture) return;
    event.stopPropagation(); // a shape belongs to the slice on which it was begun
    event.preventDefault();
  };
  const onHostEvent = (event: Event) => {
    if (source.tool() && (!(event instanceof MouseEvent) || event.button === 0)) event.stopPropagation();
  };

  const canvases = new OverlayCanvases('voxelwise-drawing-overlay', canvas => {
    canvas.addEventListener('pointerdown', onPointerDown);
    canvas.addEventListener('pointermove', onPointerMove);
    canvas.addEventListener('pointerup', onPointerUp);
    canvas.addEventListener('pointercancel', cancel);
    canvas.addEventListener('pointerleave', onPointerLeave);
    canvas.addEventListener('wheel', onWheel, { passive: false });
    for (const type of HOST_EVENTS) canvas.addEventListener(type, onHostEvent);
  });

  const drawViewport = (viewport: Viewport) => {
    const under = surface(viewport);
    const tool = source.tool();
    const shapes = under ? source.shapesOn(under.imageId) : [];
    const isSurface = under !== null && tool !== null;
    if (!isSurface && shapes.length === 0 && !canvases.has(viewport)) return;
    const context = canvases.begin(viewport);
    if (!context) return;
    canvases.setInteractive(viewport, isSurface ? (tool.kind === 'stroke' ? 'none' : 'crosshair') : null);
    if (!under) return;
    const pen: Pen = { context, toCanvas: ([x, y]) => viewport.worldToCanvas(under.plane.toWorld(x, y)) };
    const current = gesture?.viewportId === viewport.id && gesture.imageId === under.imageId ? gesture : null;
    const isAreaTool = tool?.kind === 'ellipse' || tool?.kind === 'polygon';
    shapes.forEach(({ shape, color, isFixed, captionOf }, index) => {
      const isGrabbed = current?.grabbed?.index === index;
      const drawn = isGrabbed ? (shapeOf(current) as AreaShape) : shape;
      outline(pen, drawn, color);
      if (isAreaTool && !isFixed && !isGrabbed) dots(pen, handlesOf(shape), color);
      if (captionOf) caption(pen, drawn, captionOf(under.imageId, drawn), color);
    });
    if (current && !current.grabbed) {
      const drawn = shapeOf(current);
      outline(pen, drawn, current.tool.color, strokeWidth(current.tool, under.plane, pen));
      if ('captionOf' in current.tool && current.tool.captionOf) {
        const area = drawn as AreaShape;
        caption(pen, area, current.tool.captionOf(under.imageId, area), current.tool.color);
      }
    }
    if (tool?.kind === 'stroke' && hover?.viewportId === viewport.id) {
      disc(pen, hover.point, strokeWidth(tool, under.plane, pen) / 2, tool.color);
    }
  };

  const redraw = () => allViewports(host).forEach(drawViewport);
  const cancel = () => {
    const wasDrawing = gesture !== null;
    gesture = null;
    if (wasDrawing) redraw();
    return wasDrawing;
  };
  const onRendered = (event: Event) => {
    const { element } = (event as CustomEvent<{ element: Element }>).detail;
    const viewport = allViewports(host).find(one => one.element === element);
    if (viewport) drawViewport(viewport);
  };
  const onDisabled = (event: Event) => {
    canvases.remove((event as CustomEvent<{ element: Element }>).detail.element);
  };
  document.addEventListener(IMAGE_RENDERED, onRendered, true);
  host.cornerstone.eventTarget.addEventListener(ELEMENT_DISABLED, onDisabled);

  return {
    redraw,
    cancel,
    destroy() {
      document.removeEventListener(IMAGE_RENDERED, onRendered, true);
      host.cornerstone.eventTarget.removeEventListener(ELEMENT_DISABLED, onDisabled);
      canvases.destroy();
    },
  };
}

/** What a gesture has drawn so far. */
function shapeOf({ tool, path, grabbed }: Gesture): DrawnShape {
  const [first = [0, 0]] = path;
  const last = path.at(-1) ?? first;
  if (grabbed)
    return grabbed.shape.kind === 'ellipse' ? withHandleAt(grabbed.shape, grabbed.handle, last) : grabbed.shape;
  if (tool.kind === 'ellipse') return ellipseBetween(first, last);
  if (tool.kind === 'line') return { kind: 'line', from: first, to: last };
  return tool.kind === 'polygon' ? { kind: 'polygon', points: path } : { kind: 'stroke', path };
}

/** True when a shape is large enough on the screen to have been meant. */
function isDrawing(viewport: Viewport, plane: ImagePlane, shape: DrawnShape): boolean {
  const [width, height] = extentOf(shape);
  const [x0, y0] = viewport.worldToCanvas(plane.toWorld(0, 0));
  const [x1, y1] = viewport.worldToCanvas(plane.toWorld(1, 0));
  const pixelPx = Math.hypot(x1 - x0, y1 - y0);
  const isThin = shape.kind !== 'line' && Math.min(width, height) * pixelPx < SMALLEST_PX;
  return Math.max(width, height) * pixelPx >= SMALLEST_PX && !isThin;
}

interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly toCanvas: (point: ImagePoint) => CanvasPoint;
}

/** Diameter of a brush on the screen. */
function strokeWidth(tool: DrawingTool, plane: ImagePlane, { toCanvas }: Pen): number {
  if (tool.kind !== 'stroke') return 0;
  const [a, b] = [plane.toWorld(0, 0), plane.toWorld(1, 0)];
  const columnMm = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  const [x0, y0] = toCanvas([0, 0]);
  const [x1, y1] = toCanvas([1, 0]);
  return (2 * tool.radiusMm * Math.hypot(x1 - x0, y1 - y0)) / columnMm;
}

/** Steps of an ellipse's rim: it is drawn as a polygon, so that turned and flipped views need nothing special. */
const RIM_STEPS = 72;

function rimOf({ centre, radii }: { readonly centre: ImagePoint; readonly radii: ImagePoint }): ImagePoint[] {
  return Array.from({ length: RIM_STEPS }, (_, step) => {
    const angle = (2 * Math.PI * step) / RIM_STEPS;
    return [centre[0] + radii[0] * Math.cos(angle), centre[1] + radii[1] * Math.sin(angle)];
  });
}

function outline({ context, toCanvas }: Pen, shape: DrawnShape, color: string, strokePx = 0): void {
  const points =
    shape.kind === 'ellipse'
      ? rimOf(shape)
      : shape.kind === 'polygon'
        ? shape.points
        : shape.kind === 'line'
          ? [shape.from, shape.to]
          : shape.path;
  context.save();
  context.beginPath();
  for (const point of points) context.lineTo(...toCanvas(point));
  if (shape.kind === 'ellipse' || shape.kind === 'polygon') context.closePath();
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.strokeStyle = color;
  if (shape.kind === 'stroke') {
    if (points[0] && points.length === 1) context.lineTo(...toCanvas(points[0])); // round caps make a disc of it
    context.globalAlpha = 0.4;
    context.lineWidth = strokePx;
  } else {
    context.lineWidth = 2;
    context.shadowColor = '#000000';
    context.shadowBlur = 3;
  }
  context.stroke();
  context.restore();
}

function dots({ context, toCanvas }: Pen, points: readonly ImagePoint[], color: string): void {
  for (const point of points) {
    context.beginPath();
    context.arc(...toCanvas(point), HANDLE_RADIUS_PX, 0, 2 * Math.PI);
    context.fillStyle = color;
    context.strokeStyle = '#000000';
    context.lineWidth = 1;
    context.fill();
    context.stroke();
  }
}

/** A line of text under a shape. */
function caption({ context, toCanvas }: Pen, shape: AreaShape, text: string, color: string): void {
  if (text === '') return;
  const points = (shape.kind === 'ellipse' ? rimOf(shape) : shape.points).map(toCanvas);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  context.save();
  context.font = '12px sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const [centre, top] = [(Math.min(...xs) + Math.max(...xs)) / 2, Math.max(...ys) + CAPTION_GAP_PX];
  const { width } = context.measureText(text);
  context.fillStyle = 'rgb(0 0 0 / 0.7)';
  context.fillRect(centre - width / 2 - 4, top - 2, width + 8, CAPTION_HEIGHT_PX);
  context.fillStyle = color;
  context.fillText(text, centre, top);
  context.restore();
}

function disc({ context }: Pen, [x, y]: CanvasPoint, radiusPx: number, color: string): void {
  context.beginPath();
  context.arc(x, y, Math.max(1, radiusPx), 0, 2 * Math.PI);
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.stroke();
}
