/** Everything Voxelwise knows about OHIF and Cornerstone. */

export type { ComputePreference } from './compute-preference.ts';
export { computePreference } from './compute-preference.ts';
export type { DecisionHistory } from './decision-history.ts';
export { decide, isUntouched, redo, undo } from './decision-history.ts';
export { dicomWebOf } from './dicom-web.ts';
export { download } from './download.ts';
export type {
  AreaShape,
  DrawnShape,
  EllipseShape,
  ImagePoint,
  PolygonShape,
} from './drawing-shapes.ts';
export type { DynamicLoading } from './dynamic-loading.ts';
export { dynamicLoading } from './dynamic-loading.ts';
export type { DynamicSeries } from './dynamic-series.ts';
export { dynamicDisplaySets, dynamicLikelihoodOf, dynamicSeriesOf, timePointFrames } from './dynamic-series.ts';
export type { Host } from './host.ts';
export { bindHost } from './host.ts';
export type { MountedIsland, MountIsland } from './island.ts';
export { island } from './island.ts';
export type { HistoryKeys, Keyboard } from './keyboard.ts';
export { bindKeyboard, hasModifier, historyAction } from './keyboard.ts';
export type { ModeDescription, ModeExtension } from './mode-builder.ts';
export { buildMode } from './mode-builder.ts';
export type { DisplaySet, Extension, ExtensionParameters, Instance, Mode, Subscription } from './ohif.ts';
export { misreadWords } from './pixel-words.ts';
export { readerNameOf } from './reader-name.ts';
export { reasonOf } from './reason.ts';
export {
  ReferenceDisplaySetError,
  referenceDisplaySet,
  referenceOf,
  singleImage,
  sourceUidOf,
} from './reference-display-set.ts';
export type { SeriesFrame } from './series-frames.ts';
export { seriesFrames, seriesInstances } from './series-frames.ts';
export type { SessionStore } from './session-store.ts';
export { createStore } from './session-store.ts';
export { shownStudyOf, watchShownStudy } from './shown-study.ts';
export { authorizationHeadersOf, personIdOf } from './signed-in.ts';
export type { DrawingSource, DrawingTool, ShapeCaption, ShownShape, SliceDrawing } from './slice-drawing.ts';
export { createSliceDrawing } from './slice-drawing.ts';
export type { OverlayPen, OverlaySource, SliceOverlay, SlicePicture } from './slice-overlay.ts';
export { createSliceOverlay } from './slice-overlay.ts';
export type { SolidOverlay, SolidSource, VoxelGrid, VoxelSolid } from './solid-overlay.ts';
export { createSolidOverlay } from './solid-overlay.ts';
export { addStylesheet } from './stylesheet.ts';
export { timeText } from './time-text.ts';
export type { SlabBlend, ValueWindow } from './view-controls.ts';
export { setAxialSlab, setWindow, valueWindowOf } from './view-controls.ts';
export { viewerVersionOf } from './viewer-version.ts';
export type { ImagePlane, Viewport } from './viewports.ts';
export { allViewports, currentImageId, imagePlane, jumpToImage, numbers, viewportOf } from './viewports.ts';
export type { LoadedVolume } from './volume-loading.ts';
export { loadVolume, VolumeLoadingError } from './volume-loading.ts';
export type { VolumeStyle } from './volume-rendering.ts';
export { addVolumePreset, easeVolumeRendering } from './volume-rendering.ts';
