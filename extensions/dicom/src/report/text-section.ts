import type { Section } from './page-filler.ts';
import { type Block, type Column, headed, type PdfDocument, paragraph, type TextStyle } from './sheet.ts';

const BODY: TextStyle = { sizePt: 8 };
const ITEM_GAP_MM = 0.6;

/** Texts under a heading, one below the other; a page may end after each of them. Empty where there is none. */
export function textSection(doc: PdfDocument, title: string, texts: readonly string[], column: Column): Section {
  const lines = texts.flatMap(text =>
    paragraph(doc, text, column, BODY).map((block, index) => (index > 0 ? block : spaced(block))),
  );
  return headed(doc, title, lines, column);
}

function spaced(block: Block): Block {
  return { heightMm: block.heightMm + ITEM_GAP_MM, draw: top => block.draw(top + ITEM_GAP_MM) };
}
