import {
  type Block,
  type Column,
  drawLine,
  drawLines,
  drawRule,
  fillRect,
  HAIRLINE,
  INK,
  lineHeightMm,
  MUTED,
  type TextStyle,
  textWidthMm,
} from '@voxelwise/dicom';
import type { jsPDF } from 'jspdf';
import { colorBarTicks } from '../color-map/color-bar.ts';
import type { ResultCurve } from '../perfusion-result.ts';
import { CURVE_COLORS, rgbOf } from '../result-colors.ts';

const TITLE: TextStyle = { sizePt: 8, bold: true };
const SMALL: TextStyle = { sizePt: 6.5, color: MUTED };
const AXIS_MM = 9;
const BELOW_MM = 6.5;
const LINE_MM = 0.35;
const CHIP_MM = 3;

export interface Plot {
  readonly title: string;
  /** Of the values. */
  readonly unit: string;
  readonly timesS: ArrayLike<number>;
  readonly curves: readonly ResultCurve[];
}

/** Curves as lines over time, with axes and a legend. Where a curve has no value its line is broken. */
export function curvePlot(doc: jsPDF, { title, unit, timesS, curves }: Plot, column: Column, heightMm: number): Block {
  const values = curves.flatMap(curve => Array.from(curve.values).filter(Number.isFinite));
  const times = Array.from(timesS);
  const range = rangeOf(values);
  const span = [times[0] ?? 0, Math.max((times[0] ?? 0) + 1e-6, times.at(-1) ?? 1)] as const;
  const aboveMm = lineHeightMm(TITLE) + lineHeightMm(SMALL) + 1;
  const plot = {
    leftMm: column.leftMm + AXIS_MM,
    widthMm: column.widthMm - AXIS_MM - 1,
    heightMm: heightMm - aboveMm - BELOW_MM,
  };
  return {
    heightMm,
    draw(top) {
      const topMm = top + aboveMm;
      const bottomMm = topMm + plot.heightMm;
      const xOf = (timeS: number) => plot.leftMm + ((timeS - span[0]) / (span[1] - span[0])) * plot.widthMm;
      const yOf = (value: number) => bottomMm - ((value - range[0]) / (range[1] - range[0])) * plot.heightMm;
      drawLine(doc, `${title}, ${unit}`, column, top, TITLE);
      drawLegend(doc, curves, column, top + lineHeightMm(TITLE) + 0.2);
      for (const { value, label } of colorBarTicks(range, 6)) {
        drawRule(doc, plot, yOf(value), HAIRLINE, 0.15);
        drawLines(doc, [label], plot.leftMm - 1, yOf(value) - lineHeightMm(SMALL) / 2, SMALL, 'right');
      }
      for (const { value, label } of colorBarTicks(span, 8)) {
        drawLines(doc, [label], xOf(value), bottomMm + 0.6, SMALL, 'center');
      }
      drawLines(doc, ['time, s'], plot.leftMm + plot.widthMm, bottomMm + 0.6 + lineHeightMm(SMALL), SMALL, 'right');
      drawRule(doc, plot, bottomMm, INK, 0.25);
      for (const { kind, values: of } of curves) {
        doc.setDrawColor(...(rgbOf(CURVE_COLORS[kind]) as [number, number, number]));
        doc.setLineWidth(LINE_MM);
        doc.setLineJoin('round');
        for (const points of unbroken(times, of)) {
          const at = points.map(([timeS, value]) => [xOf(timeS), yOf(value)] as const);
          const steps = at.slice(1).map(([x, y], index) => [x - at[index]![0], y - at[index]![1]]);
          doc.lines(steps, at[0]![0], at[0]![1], [1, 1], 'S', false);
        }
      }
    },
  };
}

/** From 0 or less to a little above the highest value. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  const low = Math.min(0, ...values);
  const high = Math.max(low, ...values);
  return high > low ? [low, high + 0.05 * (high - low)] : [low, low + 1];
}

/** Stretches of at least two values that follow each other. */
function unbroken(times: readonly number[], values: ArrayLike<number>): (readonly [number, number])[][] {
  const stretches: (readonly [number, number])[][] = [[]];
  times.forEach((timeS, index) => {
    const value = values[index] ?? Number.NaN;
    if (Number.isFinite(value)) stretches.at(-1)!.push([timeS, value]);
    else stretches.push([]);
  });
  return stretches.filter(({ length }) => length > 1);
}

function drawLegend(doc: jsPDF, curves: readonly ResultCurve[], { leftMm, widthMm }: Column, topMm: number): void {
  let xMm = leftMm;
  for (const { kind, name } of curves) {
    const neededMm = CHIP_MM + 1 + textWidthMm(doc, name, SMALL);
    if (xMm + neededMm > leftMm + widthMm) return;
    fillRect(doc, xMm, topMm + 1, CHIP_MM, 0.7, rgbOf(CURVE_COLORS[kind]));
    drawLine(doc, name, { leftMm: xMm + CHIP_MM + 1, widthMm: neededMm }, topMm, SMALL);
    xMm += neededMm + 3;
  }
}
