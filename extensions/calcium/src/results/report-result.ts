import {
  type Block,
  type Column,
  drawLine,
  drawLines,
  fillRect,
  HAIRLINE,
  INK,
  MUTED,
  type Rgb,
  shrunk,
  type TextStyle,
} from '@voxelwise/dicom';
import type { jsPDF } from 'jspdf';
import type { autoTable as AutoTable } from 'jspdf-autotable';
import type { Category, Mass, Score } from '../core/index.ts';
import { formatAgatston, formatMass, formatTotalAgatston, formatVolume } from './format.ts';
import type { CalciumReport } from './report.ts';
import { rgbOf, VESSEL_COLORS } from './vessel-colors.ts';

const HEIGHT_MM = 41;
const SCORE_COLUMN_MM = 66;
const GAP_MM = 10;
const ROW_HEIGHT_MM = HEIGHT_MM / 6;
const CHIP_MM = 2.6;

const LABEL: TextStyle = { sizePt: 8.5, color: MUTED };
const SCORE: TextStyle = { sizePt: 46, bold: true };
const CATEGORY: TextStyle = { sizePt: 13, bold: true };
const NOTE: TextStyle = { sizePt: 8, color: MUTED };
const TICK: TextStyle = { sizePt: 6.5, color: MUTED };
const PANEL: Rgb = [246, 247, 249];
const BAND: Rgb = [221, 225, 231];

/** Bands of the scale under the score, and the score at which each one ends. */
const BANDS: readonly { readonly id: Category['id']; readonly upTo: string }[] = [
  { id: 'none', upTo: '0' },
  { id: 'minimal', upTo: '10' },
  { id: 'mild', upTo: '100' },
  { id: 'moderate', upTo: '400' },
  { id: 'severe', upTo: '' },
];

/** The total, its category and where that lies on the scale; beside it the table of vessels. */
export function resultBlock(doc: jsPDF, autoTable: typeof AutoTable, report: CalciumReport, column: Column): Block {
  return {
    heightMm: HEIGHT_MM,
    draw(top) {
      drawScore(doc, report, { leftMm: column.leftMm, widthMm: SCORE_COLUMN_MM }, top);
      const leftMm = column.leftMm + SCORE_COLUMN_MM + GAP_MM;
      drawTable(doc, autoTable, report, { leftMm, widthMm: column.widthMm - SCORE_COLUMN_MM - GAP_MM }, top);
    },
  };
}

function drawScore(doc: jsPDF, { total, category, vessels }: CalciumReport, column: Column, top: number): void {
  const padding = 4;
  const inner = { leftMm: column.leftMm + padding, widthMm: column.widthMm - 2 * padding };
  fillRect(doc, column.leftMm, top, column.widthMm, HEIGHT_MM, PANEL);
  drawLine(doc, 'Total Agatston score', inner, top + 2.6, LABEL);

  const score = formatTotalAgatston(total.agatston);
  const style = shrunk(doc, score, inner.widthMm * 0.5, SCORE, 18);
  drawLine(doc, score, inner, top + 5.2 + (SCORE.sizePt - style.sizePt) * 0.36, style);

  const words = { leftMm: inner.leftMm + inner.widthMm * 0.55, widthMm: inner.widthMm * 0.45 };
  drawLine(doc, category.label, words, top + 11.4, shrunk(doc, category.label, words.widthMm, CATEGORY, 8));
  drawLine(doc, `Category ${category.range}`, words, top + 17.4, NOTE);

  drawScale(doc, category, inner, top + 25);
  const note = involvement(vessels, total);
  drawLine(doc, note, inner, top + 34.6, shrunk(doc, note, inner.widthMm, NOTE, 6));
}

/** Five equal bands with the score's own one in ink: readable in black and white too. */
function drawScale(doc: jsPDF, category: Category, { leftMm, widthMm }: Column, top: number): void {
  const gap = 0.7;
  const band = (widthMm - gap * (BANDS.length - 1)) / BANDS.length;
  BANDS.forEach(({ id, upTo }, index) => {
    const x = leftMm + index * (band + gap);
    fillRect(doc, x, top, band, 2.6, id === category.id ? INK : BAND);
    // A tick stands at the upper end of its band; the band of 0 is one value, so its tick is in the middle.
    const tickX = index === 0 ? x + band / 2 : x + band + gap / 2;
    if (upTo) drawLines(doc, [upTo], tickX, top + 3.4, TICK, 'center');
  });
}

function involvement(vessels: CalciumReport['vessels'], total: Score): string {
  const calcified = vessels.filter(({ score }) => score.agatston > 0).map(({ vessel }) => vessel);
  if (calcified.length > 0) {
    const leftMain = calcified.includes('LM') ? 'left main included' : 'not the left main';
    return `Calcium in ${calcified.length} of ${vessels.length} vessels, ${leftMain}`;
  }
  // Below 130 HU a lesion weighs nothing: it is there, but does not score.
  return `${total.lesions > 0 ? 'No scored calcium' : 'No coronary calcium'} in the ${vessels.length} vessels`;
}

function drawTable(
  doc: jsPDF,
  autoTable: typeof AutoTable,
  { vessels, total, totalMass }: CalciumReport,
  { leftMm, widthMm }: Column,
  top: number,
): void {
  const cells = (name: string, { lesions, agatston, volumeMm3 }: Score, { massMg }: Pick<Mass, 'massMg'>) => [
    name,
    String(lesions),
    formatAgatston(agatston),
    formatVolume(volumeMm3),
    formatMass(massMg),
  ];
  autoTable(doc, {
    startY: top,
    margin: { left: leftMm, top: 0, bottom: 0 },
    tableWidth: widthMm,
    theme: 'plain',
    pageBreak: 'avoid',
    head: [['Vessel', 'Lesions', 'Agatston', 'Volume (mm³)', 'Mass (mg)']],
    body: vessels.map(({ vessel, score, mass }) => cells(vessel, score, mass)),
    foot: [cells('Total', total, totalMass)],
    styles: {
      font: 'helvetica',
      fontSize: 9.5,
      textColor: [...INK],
      halign: 'right',
      valign: 'middle',
      minCellHeight: ROW_HEIGHT_MM,
      cellPadding: { top: 1, bottom: 1, left: 1.5, right: 1.5 },
      overflow: 'ellipsize',
      lineColor: [...HAIRLINE],
    },
    headStyles: {
      fontSize: 8.5,
      fontStyle: 'normal',
      textColor: [...MUTED],
      lineColor: [...INK],
      lineWidth: { bottom: 0.3 },
    },
    bodyStyles: { lineWidth: { bottom: 0.15 } },
    footStyles: { fontStyle: 'bold', fontSize: 10, lineColor: [...INK], lineWidth: { top: 0.3 } },
    columnStyles: { 0: { halign: 'left', cellWidth: widthMm * 0.2 } },
    didParseCell: ({ cell, column, section }) => {
      if (column.index !== 0) return;
      cell.styles.halign = 'left';
      if (section === 'body') cell.styles.cellPadding = { top: 1, bottom: 1, left: 1.5 + CHIP_MM + 1.8, right: 1.5 };
    },
    didDrawCell: ({ cell, column, row, section }) => {
      const vessel = vessels[row.index]?.vessel;
      if (section !== 'body' || column.index !== 0 || !vessel) return;
      fillRect(doc, cell.x + 1.5, cell.y + (cell.height - CHIP_MM) / 2, CHIP_MM, CHIP_MM, rgbOf(VESSEL_COLORS[vessel]));
    },
  });
}
