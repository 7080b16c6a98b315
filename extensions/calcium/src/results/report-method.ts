import {
  type Block,
  type Column,
  drawLines,
  type Fact,
  factRows,
  filledLines,
  headed,
  lineHeightMm,
  MUTED,
  paragraph,
  type Section,
  stacked,
  type TextStyle,
  textSection,
  wrapped,
} from '@voxelwise/dicom';
import type { jsPDF } from 'jspdf';
import type { CalciumReport } from './report.ts';

const BODY: TextStyle = { sizePt: 8 };
const FINE: TextStyle = { sizePt: 7, color: MUTED };
const COLUMN_GAP_MM = 9;

/**
 * How the numbers were made, all of it, close together for the foot of the first page: the convention in two columns, then in
 * fine print what it was applied to and by what.
 */
export function methodBlock(doc: jsPDF, report: CalciumReport, column: Column): Block {
  const half = (column.widthMm - COLUMN_GAP_MM) / 2;
  const items = report.conventionInWords.map(line => wrapped(doc, line, half, BODY));
  const columns = inTwoColumns(items);
  const listMm = Math.max(...columns.map(lines => lines.length)) * lineHeightMm(BODY);
  const list: Block = {
    heightMm: listMm + 1.2,
    draw(top) {
      columns.forEach((lines, index) => {
        drawLines(doc, lines, column.leftMm + index * (half + COLUMN_GAP_MM), top, BODY);
      });
    },
  };
  const fine = [
    ...(report.notes.length > 0 ? [`Segmentation: ${report.notes.join(' ')}`] : []),
    ...filledLines(
      doc,
      [computation(report), ...identifiers(report).map(fact => fact.join(' '))],
      column.widthMm,
      FINE,
      {
        separator: '; ',
      },
    ),
  ];
  return stacked([
    ...headed(doc, 'Convention', [list], column),
    ...fine.flatMap(text => paragraph(doc, text, column, FINE)),
  ]);
}

/** The same on a page of its own, where a page may end after every line. */
export function methodSections(doc: jsPDF, report: CalciumReport, column: Column): Section[] {
  const { name, version } = report.software;
  const facts: Fact[] = [
    ['Software', `${name} ${version}`],
    ['Computed', computation(report).replace(/^Computed /, '')],
    ...identifiers(report),
  ];
  return [
    textSection(doc, 'Convention', report.conventionInWords, column),
    textSection(doc, 'Segmentation', report.notes, column),
    headed(doc, 'Computation and images', factRows(doc, facts, column), column),
  ].filter(section => section.length > 0);
}

/** Items in two columns of about the same height, in their order. */
function inTwoColumns(items: readonly (readonly string[])[]): [string[], string[]] {
  const lines = items.flat().length;
  let inLeft = 0;
  let height = 0;
  while (inLeft < items.length && height + items[inLeft]!.length / 2 <= lines / 2) height += items[inLeft++]!.length;
  return [items.slice(0, inLeft).flat(), items.slice(inLeft).flat()];
}

function computation({ compute }: CalciumReport): string {
  return [`Computed by ${compute.producer} in ${milliseconds(compute.milliseconds)}`, ...compute.notes].join('; ');
}

function identifiers({ acquisition, study }: CalciumReport): [string, string][] {
  const all: [string, string][] = [
    ['Series', acquisition.seriesInstanceUid],
    ['Study', study.instanceUid],
  ];
  return all.filter(([, uid]) => uid !== '');
}

function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${value.toFixed(0)} ms`;
}
