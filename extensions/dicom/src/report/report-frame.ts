import type { PageFiller, Space } from './page-filler.ts';
import type { PrintedSubject } from './printed-subject.ts';
import { firstFoot, pageFoot, type ReportOrigin } from './report-foot.ts';
import { continuationBlock } from './report-header.ts';
import type { Column, PdfDocument } from './sheet.ts';

/** What frames the pages of a report: margins, the patient on every page but the first, a foot on every page. */
export interface ReportFrame {
  readonly column: Column;
  /** Space of a page, counted from 0, where sections are this far from the foot. */
  spaceOf(page: number, gapMm: number): Space;
  /** Draws all pages; the document has one page so far. */
  draw(pages: PageFiller['pages']): void;
}

/** A document that pages can be added to. */
export interface PagedDocument extends PdfDocument {
  addPage(): unknown;
  readonly internal: { readonly pageSize: { getWidth(): number; getHeight(): number } };
}

const SIDE_MARGIN_MM = 16;
const TOP_MARGIN_MM = 13;
const BOTTOM_MARGIN_MM = 10;

/** @param title stands on every page but the first, which has a title of its own */
export function reportFrame(doc: PagedDocument, title: string, report: PrintedSubject & ReportOrigin): ReportFrame {
  const pageMm = { width: doc.internal.pageSize.getWidth(), height: doc.internal.pageSize.getHeight() };
  const column: Column = { leftMm: SIDE_MARGIN_MM, widthMm: pageMm.width - 2 * SIDE_MARGIN_MM };
  const laterHead = continuationBlock(doc, title, report, column);
  const feet = (pages: number) => [
    firstFoot(doc, report, column, pages),
    ...Array.from({ length: pages - 1 }, (_, index) => pageFoot(doc, report, column, [index + 2, pages])),
  ];
  // Feet with other page numbers are as high.
  const [firstFootMm, laterFootMm] = feet(2).map(({ heightMm }) => heightMm) as [number, number];
  const footTopMm = (page: number) => pageMm.height - BOTTOM_MARGIN_MM - (page === 0 ? firstFootMm : laterFootMm);
  return {
    column,
    spaceOf: (page, gapMm) => ({
      topMm: TOP_MARGIN_MM + (page === 0 ? 0 : laterHead.heightMm),
      bottomMm: footTopMm(page) - gapMm,
    }),
    draw(pages) {
      feet(pages.length).forEach((foot, page) => {
        if (page > 0) {
          doc.addPage();
          laterHead.draw(TOP_MARGIN_MM);
        }
        for (const { block, topMm } of pages[page]!) block.draw(topMm);
        foot.draw(footTopMm(page));
      });
    },
  };
}
