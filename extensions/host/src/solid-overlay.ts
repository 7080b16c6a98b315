import type { Host } from './host.ts';
import { OverlayCanvases } from './overlay-canvas.ts';
import {
  BOX_STRIDE,
  centreOf,
  cornersOf,
  farthestFirst,
  type Projected,
  type Projection,
  project,
  visibleFaces,
} from './solid-projection.ts';
import { allViewports, type Viewport, viewportOf } from './viewports.ts';

type Vector = readonly [number, number, number];

/** Where the voxels of a volume lie in the patient, in mm. */
export interface VoxelGrid {
  /** Centre of voxel (0, 0, 0). */
  readonly origin: Vector;
  /** From a voxel to the next one along columns, rows and slices. */
  readonly steps: readonly [Vector, Vector, Vector];
}

/** Voxels that are shown as one solid. */
export interface VoxelSolid {
  /** CSS color as #rrggbb. */
  readonly color: string;
  readonly isSelected: boolean;
  /** Boxes along the columns, 4 numbers each: first column, column after the last, row, slice. */
  readonly boxes: Int32Array;
}

export interface SolidSource {
  grid(): VoxelGrid | null;
  solids(): readonly VoxelSolid[];
}

export interface SolidOverlay {
  /** Draws again, after the solids have changed. */
  redraw(): void;
  destroy(): void;
}

/** More boxes than this take longer than a frame; only their place is marked then. */
const MOST_BOXES = 12_000;
const MARKER_RADIUS_PX = 6;
/** Brightness of a face seen edge on; one seen from the front has 1. */
const DARKEST = 0.45;

/**
 * Shows voxels as shaded solids over every 3D viewport, in front of whatever is rendered there. They are drawn by
 * ourselves: few voxels have to be shown, they change with every click, and a second volume for the host's renderer
 * would take as much memory and time as the scan.
 */
export function createSolidOverlay(host: Host, source: SolidSource): SolidOverlay {
  const { IMAGE_RENDERED, ELEMENT_DISABLED } = host.cornerstone.Enums.Events;
  const canvases = new OverlayCanvases('voxelwise-solid-overlay');

  const drawViewport = (viewport: Viewport) => {
    if (viewport.type !== 'volume3d') return;
    const grid = source.grid();
    const solids = grid ? source.solids() : [];
    if (solids.length === 0 && !canvases.has(viewport)) return;
    const context = canvases.begin(viewport);
    const projection = grid && projectionOf(viewport, grid);
    if (!context || !grid || !projection) return;
    const lengthsMm = grid.steps.map(step => Math.hypot(...step)) as [number, number, number];
    // Solids lie apart from each other: the one whose middle is nearest comes last.
    const ordered = solids
      .map(solid => ({ solid, middle: middleOf(solid.boxes, projection) }))
      .sort((a, b) => a.middle[2] - b.middle[2]);
    for (const { solid, middle } of ordered) {
      if (solid.boxes.length <= MOST_BOXES * BOX_STRIDE) drawSolid(context, solid, projection, lengthsMm);
      else mark(context, middle, solid.color, true);
      if (solid.isSelected) mark(context, middle, '#ffffff', false);
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

/** How a viewport sees a grid. Its projection is parallel, so four points tell everything. */
function projectionOf(viewport: Viewport, { origin, steps }: VoxelGrid): Projection | null {
  const normal = viewport.getCamera?.().viewPlaneNormal;
  if (!normal) return null;
  const see = (world: Vector): Projected => {
    const [x, y] = viewport.worldToCanvas(world);
    return [x, y, world[0] * normal[0] + world[1] * normal[1] + world[2] * normal[2]];
  };
  const [x0, y0, depth0] = see(origin);
  // Far apart, so that the rounding of a canvas position does not matter.
  const far = 100;
  const axes = steps.map(step => {
    const [x, y, depth] = see([origin[0] + far * step[0], origin[1] + far * step[1], origin[2] + far * step[2]]);
    return [(x - x0) / far, (y - y0) / far, (depth - depth0) / far] as const;
  }) as unknown as Projection['axes'];
  return { origin: [x0, y0, depth0], axes };
}

function drawSolid(
  context: CanvasRenderingContext2D,
  { boxes, color }: VoxelSolid,
  projection: Projection,
  lengthsMm: readonly [number, number, number],
): void {
  const faces = visibleFaces(projection, lengthsMm).map(face => ({
    face,
    style: shaded(color, DARKEST + (1 - DARKEST) * face.frontality),
  }));
  context.lineWidth = 0.6; // closes the seams between faces
  for (const box of farthestFirst(boxes, projection)) {
    for (const { face, style } of faces) {
      const corners = cornersOf(boxes, box, face, projection);
      context.beginPath();
      for (let i = 0; i < corners.length; i += 2) context.lineTo(corners[i]!, corners[i + 1]!);
      context.closePath();
      context.fillStyle = style;
      context.strokeStyle = style;
      context.fill();
      context.stroke();
    }
  }
}

function mark(context: CanvasRenderingContext2D, [x, y]: Projected, color: string, isFilled: boolean): void {
  context.beginPath();
  context.arc(x, y, isFilled ? MARKER_RADIUS_PX : 2 * MARKER_RADIUS_PX, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = isFilled ? '#000000' : color;
  context.fillStyle = color;
  if (isFilled) context.fill();
  context.stroke();
}

function middleOf(boxes: Int32Array, projection: Projection): Projected {
  const count = boxes.length / BOX_STRIDE;
  let [column, row, slice] = [0, 0, 0];
  for (let box = 0; box < count; box++) {
    const [x, y, z] = centreOf(boxes, box);
    column += x / count;
    row += y / count;
    slice += z / count;
  }
  return project(projection, column, row, slice);
}

/** A color, darker. @param color as #rrggbb */
function shaded(color: string, brightness: number): string {
  const value = Number.parseInt(color.slice(1), 16);
  const channel = (shift: number) => Math.round(((value >> shift) & 255) * brightness);
  return `rgb(${channel(16)} ${channel(8)} ${channel(0)})`;
}
