import {
  type Block,
  type Column,
  drawLine,
  drawLines,
  fillRect,
  headed,
  lineHeightMm,
  MUTED,
  type Section,
  type TextStyle,
} from '@voxelwise/dicom';
import { encode } from 'fast-png';
import type { jsPDF } from 'jspdf';
import { PERFUSION_MAPS, type PerfusionMap } from '../../core/index.ts';
import { COLOR_MAP_LABELS, COLORS, colorBarTicks, colorBytes, MAP_DISPLAYS, unitOf } from '../color-map/index.ts';
import type { EdgeLabels } from '../picture/edge-labels.ts';
import { mapPicture, type Picture, strokePicture } from '../picture/slice-picture.ts';
import { rgbOf, STROKE_COLORS } from '../result-colors.ts';
import type { PerfusionReport } from './report.ts';

const PER_ROW = 3;
const GAP_MM = 5;
const TALLEST_MM = 46;
const BAR_MM = 2.6;
const LEGEND_MM = 9;
const NAME: TextStyle = { sizePt: 8, bold: true };
const SMALL: TextStyle = { sizePt: 6.5, color: MUTED };
const PAPER = [255, 255, 255] as const;

/** A picture with what stands above and below it. */
interface Cell {
  readonly name: string;
  readonly unit: string;
  readonly picture: Picture;
  readonly drawLegend: (column: Column, topMm: number) => void;
}

/** One slice of every map with its color bar, then core and hypoperfusion of that slice. */
export function mapsSection(doc: jsPDF, { result, slice, sliceName, edges }: PerfusionReport, column: Column): Section {
  const widthMm = (column.widthMm - GAP_MM * (PER_ROW - 1)) / PER_ROW;
  const [columns, rows] = result.dimensions;
  const [dx, dy] = result.spacingMm;
  const aspect = (rows * dy) / (columns * dx);
  const pictureMm = { width: Math.min(widthMm, TALLEST_MM / aspect), height: Math.min(widthMm * aspect, TALLEST_MM) };
  const cells: Cell[] = PERFUSION_MAPS.map(map => ({
    name: map,
    unit: unitOf(map, result.settings.constants),
    picture: mapPicture(result, map, slice, PAPER),
    drawLegend: (at, topMm) => drawColorBar(doc, result, map, at, topMm),
  }));
  const stroke = strokePicture(result, slice, PAPER);
  if (stroke) {
    cells.push({
      name: 'Core and hypoperfusion',
      unit: '',
      picture: stroke,
      drawLegend: (at, topMm) => drawStrokeLegend(doc, at, topMm),
    });
  }
  const nameMm = lineHeightMm(NAME) + 0.6;
  const rowOf = (inRow: readonly Cell[], first: number): Block => ({
    heightMm: nameMm + pictureMm.height + LEGEND_MM,
    draw(top) {
      inRow.forEach(({ name, unit, picture, drawLegend }, index) => {
        const leftMm = column.leftMm + index * (widthMm + GAP_MM);
        const at = { leftMm, widthMm: pictureMm.width };
        drawLine(doc, unit ? `${name}, ${unit}` : name, { leftMm, widthMm }, top, NAME);
        const { width, height } = pictureMm;
        doc.addImage(pngOf(picture), 'PNG', leftMm, top + nameMm, width, height, `map-${first + index}`, 'MEDIUM');
        if (edges) drawSides(doc, edges, at, top + nameMm + height / 2);
        drawLegend(at, top + nameMm + height + 1.2);
      });
    },
  });
  const blocks = [];
  for (let first = 0; first < cells.length; first += PER_ROW) {
    blocks.push(rowOf(cells.slice(first, first + PER_ROW), first));
  }
  const colors = COLOR_MAP_LABELS[result.display.colorMap];
  return headed(doc, `Maps (${sliceName}; colors: ${colors}; white: no value)`, blocks, column);
}

/** Which side of the patient is where, on both sides of a picture. */
function drawSides(doc: jsPDF, { left, right }: EdgeLabels, { leftMm, widthMm }: Column, middleMm: number): void {
  const topMm = middleMm - lineHeightMm(SMALL) / 2;
  drawLines(doc, [left], leftMm, topMm, SMALL);
  drawLines(doc, [right], leftMm + widthMm, topMm, SMALL, 'right');
}

function drawColorBar(
  doc: jsPDF,
  { display }: PerfusionReport['result'],
  map: PerfusionMap,
  { leftMm, widthMm }: Column,
  topMm: number,
): void {
  const bar = encode({ width: COLORS, height: 1, channels: 3, data: colorBytes(display.colorMap) });
  doc.addImage(bar, 'PNG', leftMm, topMm, widthMm, BAR_MM, `bar-${display.colorMap}`, 'MEDIUM');
  for (const { position, label } of colorBarTicks(display.ranges[map])) {
    // The outermost labels end where the bar does.
    const align = position < 0.02 ? 'left' : position > 0.98 ? 'right' : 'center';
    drawLines(doc, [label], leftMm + position * widthMm, topMm + BAR_MM + 0.4, SMALL, align);
  }
}

function drawStrokeLegend(doc: jsPDF, { leftMm, widthMm }: Column, topMm: number): void {
  const labels = { core: 'core', hypoperfused: 'hypoperfusion (CBF in gray)' };
  (['core', 'hypoperfused'] as const).forEach((name, index) => {
    const y = topMm + index * (BAR_MM + 1);
    fillRect(doc, leftMm, y, BAR_MM, BAR_MM, rgbOf(STROKE_COLORS[name]));
    drawLine(doc, labels[name], { leftMm: leftMm + BAR_MM + 1, widthMm }, y + 0.1, SMALL);
  });
}

/** Without transparency, which would make the file three times as large. */
function pngOf({ width, height, rgba }: Picture): Uint8Array {
  const data = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) data.set(rgba.subarray(4 * pixel, 4 * pixel + 3), 3 * pixel);
  return encode({ width, height, channels: 3, data });
}

/** In full, for whoever meets the abbreviations for the first time. */
export function mapNames(): string {
  return PERFUSION_MAPS.map(map => `${map}: ${MAP_DISPLAYS[map].name.toLowerCase()}`).join('; ');
}
