import type { OverlayPen } from '@voxelwise/host';
import { type ColorMapName, colorBarTicks, colorBytes, type DisplayRange, type EdgeLabels } from '../results/index.ts';
import type { OutlineSegment } from './outline.ts';

const MARGIN_PX = 8;
/** The host's scroll bar lies on the right of a viewport. */
const SCROLLBAR_PX = 18;
const LINE_PX = 15;
/** Beside words of ours the host shows its own buttons: in the upper left corner above them, in the lower left one left of them. */
const HOST_BUTTONS_PX = 26;

/** Lines of text in the upper left corner, the first one larger. */
export function drawTitle({ context, width }: OverlayPen, lines: readonly string[]): void {
  context.save();
  context.textBaseline = 'top';
  context.shadowColor = '#000000';
  context.shadowBlur = 3;
  lines.forEach((line, index) => {
    context.font = index === 0 ? '600 14px sans-serif' : '11px sans-serif';
    context.fillStyle = index === 0 ? '#ffffff' : '#cbd5e1';
    context.fillText(line, MARGIN_PX, MARGIN_PX + HOST_BUTTONS_PX + index * LINE_PX, width - 2 * MARGIN_PX);
  });
  context.restore();
}

/** Lines of text in the lower left corner. */
export function drawFootnote({ context, height, width }: OverlayPen, lines: readonly string[]): void {
  context.save();
  context.textBaseline = 'bottom';
  context.font = '11px sans-serif';
  context.fillStyle = '#cbd5e1';
  context.shadowColor = '#000000';
  context.shadowBlur = 3;
  [...lines].reverse().forEach((line, index) => {
    context.fillText(
      line,
      MARGIN_PX + HOST_BUTTONS_PX,
      height - MARGIN_PX - index * (LINE_PX - 2),
      width - 2 * MARGIN_PX,
    );
  });
  context.restore();
}

const BAR_WIDTH_PX = 10;
const TICK_PX = 3;

/** A color bar along the right side, with marks and the unit above it. */
export function drawColorBar(
  { context, width, height }: OverlayPen,
  { range, colorMap, unit }: { readonly range: DisplayRange; readonly colorMap: ColorMapName; readonly unit: string },
): void {
  const length = Math.max(40, Math.min(220, height * 0.55));
  const top = (height - length) / 2;
  const left = width - SCROLLBAR_PX - BAR_WIDTH_PX;
  const colors = colorBytes(colorMap);
  const gradient = context.createLinearGradient(0, top + length, 0, top);
  for (let stop = 0; stop <= 32; stop++) {
    const color = 3 * Math.round((255 * stop) / 32);
    gradient.addColorStop(stop / 32, `rgb(${colors[color]} ${colors[color + 1]} ${colors[color + 2]})`);
  }
  context.save();
  context.fillStyle = gradient;
  context.fillRect(left, top, BAR_WIDTH_PX, length);
  context.strokeStyle = '#e2e8f0';
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, BAR_WIDTH_PX - 1, length - 1);
  context.font = '11px sans-serif';
  context.fillStyle = '#f1f5f9';
  context.shadowColor = '#000000';
  context.shadowBlur = 3;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { position, label } of colorBarTicks(range, length < 100 ? 4 : 7)) {
    const y = top + length * (1 - position);
    context.fillRect(left - TICK_PX, y - 0.5, TICK_PX, 1);
    context.fillText(label, left - TICK_PX - 2, y);
  }
  context.textBaseline = 'bottom';
  context.fillText(unit, left + BAR_WIDTH_PX, top - 8);
  context.restore();
}

/** A small square around a pixel. */
export function drawPixelMark(
  { context, toCanvas }: OverlayPen,
  pixel: readonly [number, number],
  color: string,
): void {
  const [x0, y0] = toCanvas([pixel[0] - 0.5, pixel[1] - 0.5]);
  const [x1, y1] = toCanvas([pixel[0] + 0.5, pixel[1] + 0.5]);
  context.save();
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.shadowColor = '#000000';
  context.shadowBlur = 2;
  context.strokeRect(Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0));
  context.restore();
}

/** A ring with a name beside it, around several pixels. */
export function drawNamedRing(
  { context, toCanvas, width }: OverlayPen,
  pixels: readonly (readonly [number, number])[],
  name: string,
  color: string,
): void {
  const points = pixels.map(toCanvas);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const radius = Math.max(9, Math.hypot(right - left, bottom - top) / 2 + 7);
  context.save();
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineWidth = 1.5;
  context.shadowColor = '#000000';
  context.shadowBlur = 3;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
  context.font = '600 11px sans-serif';
  context.textBaseline = 'middle';
  const isAtRightEdge = x + radius + 34 > width - SCROLLBAR_PX;
  context.textAlign = isAtRightEdge ? 'right' : 'left';
  context.fillText(name, isAtRightEdge ? x - radius - 3 : x + radius + 3, y);
  context.restore();
}

/** A cross on a pixel. */
export function drawCross({ context, toCanvas }: OverlayPen, pixel: readonly [number, number], color: string): void {
  const [x, y] = toCanvas(pixel);
  context.save();
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.shadowColor = '#000000';
  context.shadowBlur = 2;
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(x + 3 * dx, y + 3 * dy);
    context.lineTo(x + 8 * dx, y + 8 * dy);
  }
  context.stroke();
  context.restore();
}

/** The border of a mask. */
export function drawOutline(
  { context, toCanvas }: OverlayPen,
  segments: readonly OutlineSegment[],
  color: string,
): void {
  if (segments.length === 0) return;
  context.save();
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.lineCap = 'square';
  context.beginPath();
  for (const [x1, y1, x2, y2] of segments) {
    context.moveTo(...(toCanvas([x1, y1]) as [number, number]));
    context.lineTo(...(toCanvas([x2, y2]) as [number, number]));
  }
  context.stroke();
  context.restore();
}

/** Where in the patient the sides of the view lie, also of views that are turned or flipped. @param labels of the picture's edges */
export function drawEdgeLetters({ context, toCanvas, width, height }: OverlayPen, labels: EdgeLabels): void {
  const [x0, y0] = toCanvas([0, 0]);
  const alongRow = [toCanvas([1, 0])[0] - x0, toCanvas([1, 0])[1] - y0] as const;
  const alongColumn = [toCanvas([0, 1])[0] - x0, toCanvas([0, 1])[1] - y0] as const;
  const letterAt = (dx: number, dy: number) => {
    const row = alongRow[0] * dx + alongRow[1] * dy;
    const column = alongColumn[0] * dx + alongColumn[1] * dy;
    if (Math.abs(row) >= Math.abs(column)) return row > 0 ? labels.right : labels.left;
    return column > 0 ? labels.bottom : labels.top;
  };
  context.save();
  context.font = '12px sans-serif';
  context.fillStyle = '#94a3b8';
  context.shadowColor = '#000000';
  context.shadowBlur = 3;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillText(letterAt(-1, 0), MARGIN_PX, height / 2);
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.fillText(letterAt(0, -1), width / 2, MARGIN_PX);
  context.restore();
}
