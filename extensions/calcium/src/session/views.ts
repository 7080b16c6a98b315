import {
  type AreaShape,
  createSliceDrawing,
  createSliceOverlay,
  createSolidOverlay,
  type DrawingTool,
  type DrawnShape,
  easeVolumeRendering,
  type Host,
  imagePlane,
  type ShapeCaption,
  type ShownShape,
  type SlicePicture,
  type VoxelSolid,
} from '@voxelwise/host';
import { type LabeledLesions, measureEllipse } from '../core/index.ts';
import { CALIBRATION_MATERIALS, type CalibrationMaterial, roiSummary } from './calibration-rois.ts';
import type { CtSeries } from './ct-series.ts';
import { shapesOn } from './heart-region.ts';
import { colorOf } from './label-colors.ts';
import { tintSlice } from './slice-tint.ts';
import { gridOf, solidsOf } from './solids.ts';
import { type CalciumState, materialOf } from './state.ts';
import type { ThresholdPreview } from './threshold-preview.ts';

/** What the views show, and what a reader does in them. Slices are indices of the volume. */
export interface ViewSource {
  state(): CalciumState;
  series(): CtSeries | null;
  onClick(voxel: readonly [column: number, row: number, slice: number]): void;
  onDrawn(slice: number, shape: DrawnShape): void;
  /** A shape of the heart region, by its index, or a region to calibrate with, by its material, was changed. */
  onReshaped(which: number | CalibrationMaterial, slice: number, shape: AreaShape): void;
}

export interface Views {
  /** Shows a changed state. */
  redraw(): void;
  /** Shows a changed tint alone; the rest follows with the next redraw. */
  redrawTint(): void;
  /** Drops what is being drawn. @returns false when nothing is */
  cancelDrawing(): boolean;
  destroy(): void;
}

/** The 3D view follows at this pace: while the slider is dragged, the slice and the score go first. */
const SOLIDS_DELAY_MS = 80;
const REGION_COLOR = '#38bdf8';
const CUT_COLOR = '#ffffff';
/** Of the regions to calibrate with, as CSS hex. */
export const ROI_COLORS: Readonly<Record<CalibrationMaterial, string>> = { insert: '#fb923c', water: '#5eead4' };

/** Tint and drawing over the slices, solids over the 3D view. */
export function createViews(host: Host, source: ViewSource): Views {
  const tints = new Map<number, SlicePicture>();
  const sliceOf = (imageId: string) => source.series()?.loaded.imageIds.indexOf(imageId) ?? -1;
  const planeOf = (slice: number) => {
    const instance = source.series()?.loaded.instances[slice];
    return instance ? imagePlane(instance) : null;
  };

  /** What a region to calibrate with holds. */
  const captionOf: ShapeCaption = (imageId, shape) => {
    const series = source.series();
    const slice = sliceOf(imageId);
    if (!series || slice < 0 || shape.kind !== 'ellipse') return '';
    return roiSummary(measureEllipse(series.readSlice(slice), series.dimensions, shape));
  };
  /** Everything that is drawn on a slice, and what it is. */
  const drawnOn = (slice: number): (ShownShape & { readonly which: number | CalibrationMaterial })[] => {
    const { history, tool } = source.state();
    const { region, calibrationRois } = history.present;
    const isHeartTool = tool === 'heart-ellipse' || tool === 'heart-freehand';
    const ofRegion = shapesOn(region, slice).map(({ index, shape }) => ({
      which: index,
      shape,
      color: REGION_COLOR,
      isFixed: !isHeartTool,
    }));
    const toCalibrate = CALIBRATION_MATERIALS.flatMap(material => {
      const roi = calibrationRois[material];
      if (roi?.slice !== slice) return [];
      const shape = { kind: 'ellipse', centre: roi.centre, radii: roi.radii } as const;
      return { which: material, shape, color: ROI_COLORS[material], isFixed: materialOf(tool) !== material, captionOf };
    });
    return [...ofRegion, ...toCalibrate];
  };

  const overlay = createSliceOverlay(host, {
    pictureOf(imageId) {
      const { labeled, selectedPart, preview } = source.state();
      const slice = sliceOf(imageId);
      const plane = planeOf(slice);
      if (!labeled || !plane) return null;
      let picture = tints.get(slice);
      if (!picture) {
        const pixels = preview ? tintOfPreview(preview, slice) : tintSlice(labeled, selectedPart, slice);
        picture = { pixels, plane };
        tints.set(slice, picture);
      }
      return picture;
    },
    onClick(imageId, [column, row]) {
      const slice = sliceOf(imageId);
      if (slice >= 0 && source.state().tool === 'assign') source.onClick([column, row, slice]);
    },
  });

  const drawing = createSliceDrawing(host, {
    planeOf: imageId => (source.state().labeled ? planeOf(sliceOf(imageId)) : null),
    tool: () => drawingTool(source.state(), captionOf),
    shapesOn: imageId => drawnOn(sliceOf(imageId)),
    onDrawn: (imageId, shape) => source.onDrawn(sliceOf(imageId), shape),
    onReshaped(imageId, indexOnSlice, shape) {
      const slice = sliceOf(imageId);
      const drawn = drawnOn(slice)[indexOnSlice];
      if (drawn) source.onReshaped(drawn.which, slice, shape);
    },
  });

  /** Calcium with a vessel, and what is selected; made anew only when it has changed. */
  let shown: { labeled: LabeledLesions; selectedPart: number; solids: readonly VoxelSolid[] } | null = null;
  const solidOverlay = createSolidOverlay(host, {
    grid: () => gridOf(source.series()),
    solids() {
      const { labeled, selectedPart } = source.state();
      if (!labeled) return [];
      if (shown?.labeled !== labeled || shown.selectedPart !== selectedPart) {
        shown = { labeled, selectedPart, solids: solidsOf(labeled, selectedPart) };
      }
      return shown.solids;
    },
  });
  const stopEasing = easeVolumeRendering(host);
  let solidsDue: ReturnType<typeof setTimeout> | undefined;

  return {
    redraw() {
      tints.clear();
      overlay.redraw();
      drawing.redraw();
      clearTimeout(solidsDue);
      solidsDue = setTimeout(solidOverlay.redraw, SOLIDS_DELAY_MS);
    },
    redrawTint() {
      tints.clear();
      overlay.redraw();
    },
    cancelDrawing: drawing.cancel,
    destroy() {
      clearTimeout(solidsDue);
      overlay.destroy();
      drawing.destroy();
      solidOverlay.destroy();
      stopEasing();
    },
  };
}

/** Candidates, and over them what has a label or is selected. */
function tintOfPreview({ touched, selectedPart, candidatesOf }: ThresholdPreview, slice: number): ImageData {
  return tintSlice(touched, selectedPart, slice, tintSlice(candidatesOf(slice), -1, 0));
}

function drawingTool({ tool, brush, activeLabel }: CalciumState, captionOf: ShapeCaption): DrawingTool | null {
  const material = materialOf(tool);
  if (material) return { kind: 'ellipse', color: ROI_COLORS[material], captionOf };
  if (tool === 'split') return { kind: 'line', color: CUT_COLOR };
  if (tool === 'brush') return { kind: 'stroke', color: colorOf(activeLabel), radiusMm: brush.radiusMm };
  if (tool === 'heart-ellipse') return { kind: 'ellipse', color: REGION_COLOR };
  return tool === 'heart-freehand' ? { kind: 'polygon', color: REGION_COLOR } : null;
}
