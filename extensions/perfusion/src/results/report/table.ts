import {
  type Block,
  type Column,
  drawLines,
  drawRule,
  headed,
  INK,
  lineHeightMm,
  MUTED,
  type PdfDocument,
  type Section,
  stacked,
  type TextStyle,
  wrapped,
} from '@voxelwise/dicom';

export interface TableColumn {
  readonly title: string;
  /** Part of the table's width. */
  readonly part: number;
  readonly align?: 'left' | 'right';
  readonly isBold?: boolean;
}

const HEAD: TextStyle = { sizePt: 7.5, color: MUTED };
const CELL: TextStyle = { sizePt: 8 };
const PADDING_MM = 0.9;
const GUTTER_MM = 3;

/** A table under a heading; cells break into lines, nothing is cut, and a page may end after every row. Empty without rows. */
export function tableSection(
  doc: PdfDocument,
  title: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  column: Column,
): Section {
  const row = (cells: readonly string[], style: (of: TableColumn) => TextStyle, isHead: boolean): Block => {
    const texts = columns.map((of, index) =>
      wrapped(doc, cells[index] ?? '', of.part * column.widthMm - GUTTER_MM, style(of)),
    );
    const heights = texts.map((lines, index) => lines.length * lineHeightMm(style(columns[index]!)));
    const heightMm = Math.max(...heights) + 2 * PADDING_MM;
    return {
      heightMm,
      draw(top) {
        let leftMm = column.leftMm;
        columns.forEach((of, index) => {
          const widthMm = of.part * column.widthMm;
          const isRight = of.align === 'right';
          const xMm = isRight ? leftMm + widthMm - GUTTER_MM : leftMm;
          drawLines(doc, texts[index]!, xMm, top + PADDING_MM, style(of), isRight ? 'right' : 'left');
          leftMm += widthMm;
        });
        if (isHead) drawRule(doc, column, top + heightMm, INK, 0.25);
        else drawRule(doc, column, top + heightMm);
      },
    };
  };
  const [first, ...rest] = rows.map(cells => row(cells, ({ isBold }) => ({ ...CELL, bold: isBold === true }), false));
  if (!first) return [];
  const head = row(
    columns.map(of => of.title),
    () => HEAD,
    true,
  );
  return headed(doc, title, [stacked([head, first]), ...rest], column);
}
