import type { Rgb } from '@voxelwise/dicom';
import { encode } from 'fast-png';
import type { PerfusionMap } from '../../core/index.ts';
import { COLOR_MAP_LABELS, colorBarTicks, colorOf, MAP_DISPLAYS, unitOf } from '../color-map/index.ts';
import { mapMethodInWords, strokeNumbers } from '../convention-in-words.ts';
import type { PerfusionResult } from '../perfusion-result.ts';
import { edgeLabels } from '../picture/edge-labels.ts';
import { mapPicture, type Picture, sliceOf } from '../picture/slice-picture.ts';
import { rgbOf, STROKE_COLORS_ON_DARK } from '../result-colors.ts';
import { asciiOf, drawText, LINE_HEIGHT, textLines, textWidth } from './draw-text.ts';
import { drawOutline, enlarged } from './enlarged.ts';

export interface MapPngOptions {
  /** By default "Slice 3 of 16". */
  readonly sliceName?: string;
  /** ImageOrientationPatient, for the letters at the edges of the map: R and L. */
  readonly orientation?: readonly number[];
  /** Outlines of core and hypoperfusion, with their volumes and rules. */
  readonly hasOutlines?: boolean;
  /** Who and when, a line each; none by default, so that a picture can be shown to others. */
  readonly identity?: readonly string[];
}

const BACKGROUND: Rgb = [0, 0, 0];
const INK: Rgb = [255, 255, 255];
const MUTED: Rgb = [176, 182, 192];
const WARNING: Rgb = [255, 196, 87];
const MARGIN = 14;
const GAP = 10;
const BAR = 20;
/** Room for the marks beside the bar. */
const TICKS = 58;
/** The map is at least as wide, by whole pixels per voxel. */
const LEAST_MAP_PX = 512;

/**
 * A slice of a map as a PNG: the map in its colors, its color bar with unit, and what it is: method, range, slice, "Not for diagnostic
 * use". Nothing in it names the patient unless that is asked for. The same bytes for the same result.
 * @throws RangeError where there is no such slice
 */
export function mapPng(
  result: PerfusionResult,
  map: PerfusionMap,
  slice: number,
  options: MapPngOptions = {},
): Uint8Array<ArrayBuffer> {
  const { rgba, width, height } = mapSheet(result, map, slice, options);
  const data = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) data.set(rgba.subarray(4 * pixel, 4 * pixel + 3), 3 * pixel);
  return encode({ width, height, channels: 3, data }) as Uint8Array<ArrayBuffer>;
}

/** The same as pixels. */
export function mapSheet(
  result: PerfusionResult,
  map: PerfusionMap,
  slice: number,
  { sliceName, orientation = [], hasOutlines = false, identity = [] }: MapPngOptions,
): Picture {
  const { dimensions, spacingMm, settings, display, stroke, software } = result;
  const [columns, rows, slices] = dimensions;
  const unit = unitOf(map, settings.constants);
  const mapWidth = columns * Math.max(1, Math.ceil(LEAST_MAP_PX / columns));
  const mapHeight = Math.max(1, Math.round((mapWidth * rows * spacingMm[1]) / (columns * spacingMm[0])));
  const width = MARGIN + mapWidth + GAP + BAR + TICKS + MARGIN;
  const outlined = hasOutlines ? stroke : null;

  const [low, high] = display.ranges[map];
  const lines = (texts: readonly string[], color: Rgb, widthPx = width - 2 * MARGIN) =>
    texts.flatMap(text => textLines(text, widthPx).map(line => ({ line, color })));
  // The unit of the color bar stands beside them.
  const aboveWidth = width - 2 * MARGIN - textWidth(asciiOf(unit)) - GAP;
  const above = [
    ...lines([`${map}: ${MAP_DISPLAYS[map].name.toLowerCase()}, ${unit}`], INK, aboveWidth),
    ...lines([sliceName ?? `Slice ${slice + 1} of ${slices}`, ...identity], MUTED, aboveWidth),
  ];
  const below = [
    ...lines(['Not for diagnostic use'], WARNING),
    ...(outlined
      ? strokeNumbers(outlined)
          .slice(0, 2)
          .flatMap(({ name, text, rule }, index) =>
            lines([`${name}: ${text} (${rule})`], rgbOf(STROKE_COLORS_ON_DARK[index === 0 ? 'core' : 'hypoperfused'])),
          )
      : []),
    ...lines(
      [
        mapMethodInWords(map, settings),
        `Range ${low} to ${high} ${unit}, colors ${COLOR_MAP_LABELS[display.colorMap]}, black: no value`,
        `${software.name} ${software.version}`,
      ],
      MUTED,
    ),
  ];

  const mapTop = MARGIN + above.length * LINE_HEIGHT + GAP;
  const belowTop = mapTop + mapHeight + GAP;
  const sheet = emptySheet(width, belowTop + below.length * LINE_HEIGHT + MARGIN);
  above.forEach(({ line, color }, index) => {
    drawText(sheet, line, MARGIN, MARGIN + index * LINE_HEIGHT, color);
  });
  const picture = enlarged(mapPicture(result, map, slice, BACKGROUND), mapWidth, mapHeight);
  for (const name of outlined ? (['hypoperfused', 'core'] as const) : []) {
    drawOutline(
      picture,
      sliceOf(outlined![name], dimensions, slice),
      [columns, rows],
      rgbOf(STROKE_COLORS_ON_DARK[name]),
    );
  }
  paste(sheet, picture, MARGIN, mapTop);
  drawEdgeLabels(sheet, orientation, { left: MARGIN, top: mapTop, width: mapWidth, height: mapHeight });
  drawColorBar(sheet, result, map, { left: MARGIN + mapWidth + GAP, top: mapTop, height: mapHeight });
  below.forEach(({ line, color }, index) => {
    drawText(sheet, line, MARGIN, belowTop + index * LINE_HEIGHT, color);
  });
  return sheet;
}

function emptySheet(width: number, height: number): Picture {
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let byte = 3; byte < rgba.length; byte += 4) rgba[byte] = 255;
  return { width, height, rgba };
}

function paste(sheet: Picture, picture: Picture, left: number, top: number): void {
  for (let y = 0; y < picture.height; y++) {
    const row = picture.rgba.subarray(4 * y * picture.width, 4 * (y + 1) * picture.width);
    sheet.rgba.set(row, 4 * ((top + y) * sheet.width + left));
  }
}

/** Letters inside the edges of the map. */
function drawEdgeLabels(
  sheet: Picture,
  orientation: readonly number[],
  at: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): void {
  const labels = edgeLabels(orientation);
  if (!labels) return;
  const middle = Math.round(at.top + (at.height - LINE_HEIGHT) / 2);
  const center = (label: string) => Math.round(at.left + (at.width - textWidth(label)) / 2);
  drawText(sheet, labels.left, at.left + 4, middle, INK);
  drawText(sheet, labels.right, at.left + at.width - 4 - textWidth(labels.right), middle, INK);
  drawText(sheet, labels.top, center(labels.top), at.top + 2, INK);
  drawText(sheet, labels.bottom, center(labels.bottom), at.top + at.height - LINE_HEIGHT, INK);
}

/** The highest value on top; marks and the unit on the right. */
function drawColorBar(
  sheet: Picture,
  { display, settings }: PerfusionResult,
  map: PerfusionMap,
  { left, top, height }: { readonly left: number; readonly top: number; readonly height: number },
): void {
  const range = display.ranges[map];
  const set = (x: number, y: number, color: Rgb) => sheet.rgba.set(color, 4 * (y * sheet.width + x));
  for (let y = 0; y < height; y++) {
    const value = range[0] + ((height - 0.5 - y) / height) * (range[1] - range[0]);
    const color = colorOf(value, range, display.colorMap)!;
    for (let x = 0; x < BAR; x++) set(left + x, top + y, color);
  }
  for (const { position, label } of colorBarTicks(range)) {
    const y = top + Math.min(height - 1, Math.round((1 - position) * height));
    for (let x = 0; x < 5; x++) set(left + BAR + x, y, MUTED);
    const textTop = Math.min(Math.max(y - LINE_HEIGHT / 2, top), top + height - LINE_HEIGHT);
    drawText(sheet, label, left + BAR + 9, Math.round(textTop), INK);
  }
  const unit = asciiOf(unitOf(map, settings.constants));
  drawText(sheet, unit, sheet.width - MARGIN - textWidth(unit), top - LINE_HEIGHT - 2, MUTED);
}
