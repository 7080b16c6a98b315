import type { Section } from './page-filler.ts';
import { type Column, drawFrame, heading, type PdfDocument } from './sheet.ts';

const LEAST_COMMENT_MM = 20;

/** Room for handwriting in the space that is left. Empty where that is too little to write in. */
export function commentSection(doc: PdfDocument, column: Column, heightMm: number): Section {
  if (heightMm < LEAST_COMMENT_MM) return [];
  const title = heading(doc, 'Comment', column);
  return [
    {
      heightMm,
      draw(top) {
        title.draw(top);
        drawFrame(doc, column, top + title.heightMm, heightMm - title.heightMm);
      },
    },
  ];
}
