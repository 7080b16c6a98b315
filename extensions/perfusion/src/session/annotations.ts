import { numbers, type OverlayPen } from '@voxelwise/host';
import type { PerfusionMap } from '../core/index.ts';
import {
  edgeLabels,
  formatMapValue,
  MAP_DISPLAYS,
  methodName,
  STROKE_COLORS_ON_DARK,
  unitOf,
} from '../results/index.ts';
import { DARK_CURVE_COLORS } from './colors.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import { insteadOfMaps } from './instead-of-maps.ts';
import {
  drawColorBar,
  drawCross,
  drawEdgeLetters,
  drawFootnote,
  drawNamedRing,
  drawOutline,
  drawPixelMark,
  drawTitle,
} from './pen.ts';
import { isSettled, type PerfusionState, shownConstants } from './state.ts';
import { shownVessels } from './vessels.ts';
import type { SliceOutlines } from './views.ts';
import { voxelAt, voxelIndex } from './voxels.ts';

/** Views narrower than this have no room for the map's name in full. */
const NARROW_PX = 220;

/** Name, units, convention and color bar of a map, with what the reader pointed at. */
export function annotateMap(
  pen: OverlayPen,
  state: PerfusionState,
  series: PerfusionSeries,
  slice: number,
  map: PerfusionMap,
  outlines: SliceOutlines | null,
): void {
  const { name } = MAP_DISPLAYS[map];
  const unit = unitOf(map, shownConstants(state));
  if (outlines) drawOutlines(pen, outlines);
  drawPointed(pen, state, slice);
  drawLetters(pen, series);
  drawTitle(pen, pen.width < NARROW_PX ? [map] : [map, name]);
  if (!state.computed) {
    drawFootnote(pen, insteadOfMaps(state));
    return;
  }
  drawColorBar(pen, { range: state.display.ranges[map], colorMap: state.display.colorMap, unit });
  const { pointed, computed } = state;
  const value =
    pointed && pointed[2] === slice
      ? (computed.maps[map][voxelIndex(pointed, series.volume.dimensions)] ?? Number.NaN)
      : Number.NaN;
  drawFootnote(pen, [
    ...(Number.isFinite(value) ? [`+ ${formatMapValue(map, value)} ${unit}`] : []),
    `${methodName(computed.settings.method)}${isSettled(state) ? '' : ' (being computed anew)'}`,
    'Not for diagnostic use',
  ]);
}

/** Time and slice of the source, with the vessels. */
export function annotateSource(
  pen: OverlayPen,
  state: PerfusionState,
  series: PerfusionSeries,
  slice: number,
  outlines: SliceOutlines | null,
): void {
  const { timePoints, intervalS, dimensions } = series.volume;
  if (outlines) drawOutlines(pen, outlines);
  drawLetters(pen, series);
  drawVessels(pen, state, series, slice);
  drawPointed(pen, state, slice);
  drawTitle(pen, [
    `${(state.timePoint * intervalS).toFixed(1)} s`,
    `Time point ${state.timePoint + 1} of ${timePoints}`,
    `Slice ${slice + 1} of ${dimensions[2]}`,
  ]);
}

function drawLetters(pen: OverlayPen, { instances }: PerfusionSeries): void {
  const labels = edgeLabels(numbers(instances[0]?.ImageOrientationPatient));
  if (labels) drawEdgeLetters(pen, labels);
}

function drawOutlines(pen: OverlayPen, { core, hypoperfused }: SliceOutlines): void {
  drawOutline(pen, hypoperfused, STROKE_COLORS_ON_DARK.hypoperfused);
  drawOutline(pen, core, STROKE_COLORS_ON_DARK.core);
}

function drawVessels(pen: OverlayPen, state: PerfusionState, series: PerfusionSeries, slice: number): void {
  for (const [kind, voxels] of Object.entries(shownVessels(state)) as ['aif' | 'vof', readonly number[]][]) {
    const pixels = voxels
      .map(voxel => voxelAt(voxel, series.volume.dimensions))
      .filter(voxel => voxel[2] === slice)
      .map(([column, row]): [number, number] => [column, row]);
    if (pixels.length === 0) continue;
    for (const pixel of pixels) drawPixelMark(pen, pixel, DARK_CURVE_COLORS[kind]);
    for (const group of groupsOf(pixels)) drawNamedRing(pen, group, kind.toUpperCase(), DARK_CURVE_COLORS[kind]);
  }
}

/** Pixels at most so far apart are of one vessel. */
const ONE_VESSEL_PIXELS = 4;

/** Pixels that lie near each other, by vessel. */
function groupsOf(pixels: readonly [number, number][]): [number, number][][] {
  const groups: [number, number][][] = [];
  for (const pixel of pixels) {
    const isNear = (group: [number, number][]) =>
      group.some(([x, y]) => Math.hypot(x - pixel[0], y - pixel[1]) <= ONE_VESSEL_PIXELS);
    const near = groups.filter(isNear);
    const joined = [...near.flat(), pixel];
    groups.splice(0, groups.length, ...groups.filter(group => !near.includes(group)), joined);
  }
  return groups;
}

function drawPointed(pen: OverlayPen, { pointed }: PerfusionState, slice: number): void {
  if (pointed && pointed[2] === slice) drawCross(pen, [pointed[0], pointed[1]], DARK_CURVE_COLORS.tissue);
}
