import {
  type AreaShape,
  createSliceDrawing,
  createSliceOverlay,
  type DrawingTool,
  type DrawnShape,
  type Host,
  type ImagePlane,
  imagePlane,
  type SlicePicture,
  valueWindowOf,
} from '@voxelwise/host';
import type { PerfusionMap } from '../core/index.ts';
import { leadingViewport, MAP_VIEWPORTS, SOURCE_VIEWPORT } from '../hanging-protocol.ts';
import { type DisplayRange, MAP_DISPLAYS } from '../results/index.ts';
import { annotateMap, annotateSource } from './annotations.ts';
import { DARK_CURVE_COLORS } from './colors.ts';
import { createWindowMemory, draggedRange } from './dragged-range.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import { outlineOf } from './outline.ts';
import { grayPicture, mapPicture } from './pictures.ts';
import type { PerfusionState, Voxel } from './state.ts';

/** What the views show, and what a reader does in them. */
export interface ViewSource {
  state(): PerfusionState;
  series(): PerfusionSeries | null;
  onClick(voxel: Voxel): void;
  onDrawn(slice: number, shape: AreaShape): void;
  /** A region, by its index, was moved or resized. */
  onReshaped(region: number, slice: number, shape: AreaShape): void;
  /** The window tool was dragged over a map. */
  onRange(map: PerfusionMap, range: DisplayRange): void;
  /** Another slice is in the views. */
  onSlice(slice: number): void;
}

export interface Views {
  /** Shows a changed state. */
  redraw(): void;
  /** Shows another time point: the source alone is drawn. */
  redrawTint(): void;
  /** Drops what is being drawn. @returns false when nothing is */
  cancelDrawing(): boolean;
  destroy(): void;
}

/** The source over time and the maps, drawn over stacks of one time point's slices. */
export function createViews(host: Host, source: ViewSource): Views {
  const planes = new WeakMap<PerfusionSeries, readonly ImagePlane[]>();
  const sliceOf = (imageId: string) => source.series()?.imageIds.indexOf(imageId) ?? -1;
  const planeOf = (slice: number): ImagePlane | null => {
    const series = source.series();
    if (!series || slice < 0) return null;
    let ofSeries = planes.get(series);
    if (!ofSeries) {
      ofSeries = series.instances.map(imagePlane);
      planes.set(series, ofSeries);
    }
    return ofSeries[slice] ?? null;
  };
  const mapIn = (viewportId: string): PerfusionMap | null => {
    const place = (MAP_VIEWPORTS as readonly string[]).indexOf(viewportId);
    return source.state().shownMaps[place] ?? null;
  };

  const isLeading = (viewportId: string) => {
    const { viewports } = host.services.viewportGridService.getState();
    return viewportId === leadingViewport(id => viewports.has(id));
  };

  const windows = createWindowMemory();
  const followWindow = (map: PerfusionMap, viewportId: string, slice: number) => {
    const after = valueWindowOf(host, viewportId);
    const before = windows.remember(viewportId, { series: source.series(), slice, window: after });
    if (!before || !after) return;
    const range = draggedRange(source.state().display.ranges[map], MAP_DISPLAYS[map].range, before, after);
    if (range) source.onRange(map, range);
  };

  const pictures = pictureCache(host, source);
  const outlines = outlineCache(source);

  const pictureOf = (imageId: string, viewportId: string): SlicePicture | null => {
    const slice = sliceOf(imageId);
    const plane = planeOf(slice);
    if (!plane) return null;
    if (slice !== source.state().slice && isLeading(viewportId)) source.onSlice(slice);
    const map = mapIn(viewportId);
    if (map) followWindow(map, viewportId, slice);
    const pixels = map ? pictures.ofMap(map, slice) : viewportId === SOURCE_VIEWPORT ? pictures.ofSource(slice) : null;
    return pixels && { pixels, plane };
  };

  const overlay = createSliceOverlay(host, {
    pictureOf,
    annotate(imageId, viewportId, pen) {
      const series = source.series();
      const slice = sliceOf(imageId);
      if (!series || slice < 0) return;
      const map = mapIn(viewportId);
      if (map) annotateMap(pen, source.state(), series, slice, map, outlines.on(slice));
      else annotateSource(pen, source.state(), series, slice, outlines.on(slice));
    },
    onClick(imageId, [column, row]) {
      const slice = sliceOf(imageId);
      const { tool } = source.state();
      if (slice >= 0 && (tool === 'curve' || tool === 'aif' || tool === 'vof')) source.onClick([column, row, slice]);
    },
  });

  const drawing = createSliceDrawing(host, {
    planeOf: imageId => planeOf(sliceOf(imageId)),
    tool: () => drawingTool(source.state()),
    shapesOn(imageId) {
      const slice = sliceOf(imageId);
      return shownShapes(source.state(), slice).map(({ shape, name }) => ({
        shape,
        color: DARK_CURVE_COLORS.tissue,
        isFixed: source.state().tool !== 'ellipse',
        captionOf: () => name,
      }));
    },
    onDrawn: (imageId, shape) => {
      if (isArea(shape)) source.onDrawn(sliceOf(imageId), shape);
    },
    onReshaped(imageId, indexOnSlice, shape) {
      const slice = sliceOf(imageId);
      const region = shownShapes(source.state(), slice)[indexOnSlice];
      if (region) source.onReshaped(source.state().history.present.regions.indexOf(region), slice, shape);
    },
  });

  return {
    redraw() {
      overlay.redraw();
      drawing.redraw();
    },
    redrawTint: () => overlay.redraw([SOURCE_VIEWPORT]),
    cancelDrawing: drawing.cancel,
    destroy() {
      overlay.destroy();
      drawing.destroy();
    },
  };
}

/** Pictures as they were drawn last; one that would be the same is not made again. */
function pictureCache(host: Host, source: ViewSource) {
  const maps = new Map<string, { readonly of: readonly unknown[]; readonly picture: ImageData }>();
  let gray: { readonly of: readonly unknown[]; readonly picture: ImageData } | null = null;
  const isSame = (a: readonly unknown[] | undefined, b: readonly unknown[]) => a?.every((one, i) => one === b[i]);
  return {
    ofMap(map: PerfusionMap, slice: number): ImageData | null {
      const series = source.series();
      const { computed, display } = source.state();
      if (!series) return null;
      const range = display.ranges[map];
      const of = [computed?.maps[map], slice, range[0], range[1], display.colorMap, series];
      const last = maps.get(map);
      if (last && isSame(last.of, of)) return last.picture;
      const { dimensions } = series.volume;
      const picture = computed
        ? mapPicture(computed.maps[map], dimensions, slice, range, display.colorMap)
        : blackPicture(dimensions);
      maps.set(map, { of, picture });
      return picture;
    },
    ofSource(slice: number): ImageData | null {
      const series = source.series();
      const { timePoint } = source.state();
      const window = valueWindowOf(host, SOURCE_VIEWPORT);
      if (!series || !window) return null;
      const of = [series, slice, timePoint, window.lower, window.upper];
      if (gray && isSame(gray.of, of)) return gray.picture;
      const picture = grayPicture(series.volume, slice, timePoint, window);
      gray = { of, picture };
      return picture;
    },
  };
}

function blackPicture([nx, ny]: readonly [number, number, number]): ImageData {
  const picture = new ImageData(nx, ny);
  new Uint32Array(picture.data.buffer).fill(0xff000000);
  return picture;
}

/** Borders of core and hypoperfusion on a slice, made anew only when they have changed. */
function outlineCache(source: ViewSource) {
  let last: { readonly stroke: unknown; readonly slice: number; readonly outlines: SliceOutlines } | null = null;
  return {
    on(slice: number): SliceOutlines | null {
      const series = source.series();
      const { stroke, showsOutlines } = source.state();
      if (!series || !stroke || !showsOutlines) return null;
      if (last?.stroke === stroke && last.slice === slice) return last.outlines;
      const { dimensions } = series.volume;
      const outlines = {
        core: outlineOf(stroke.core, dimensions, slice),
        hypoperfused: outlineOf(stroke.hypoperfused, dimensions, slice),
      };
      last = { stroke, slice, outlines };
      return outlines;
    },
  };
}

export interface SliceOutlines {
  readonly core: ReturnType<typeof outlineOf>;
  readonly hypoperfused: ReturnType<typeof outlineOf>;
}

function shownShapes({ history }: PerfusionState, slice: number) {
  return history.present.regions.filter(region => region.slice === slice);
}

function drawingTool({ tool }: PerfusionState): DrawingTool | null {
  return tool === 'ellipse' || tool === 'polygon' ? { kind: tool, color: DARK_CURVE_COLORS.tissue } : null;
}

function isArea(shape: DrawnShape): shape is AreaShape {
  return shape.kind === 'ellipse' || shape.kind === 'polygon';
}
