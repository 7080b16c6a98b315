import { type Column, drawLine, lineHeightMm, type Section, type TextStyle } from '@voxelwise/dicom';
import type { jsPDF } from 'jspdf';
import type { CalciumReport } from './report.ts';

const BODY: TextStyle = { sizePt: 8 };
const FINDING: TextStyle = { sizePt: 11, bold: true };

/** In place of key images where no lesion belongs to a vessel. Empty where one does. */
export function nothingFoundSection(doc: jsPDF, { total }: CalciumReport, column: Column): Section {
  if (total.lesions > 0) return [];
  const statement = 'No lesion is assigned to a coronary artery. There are no key images.';
  return [
    {
      heightMm: lineHeightMm(FINDING) + lineHeightMm(BODY),
      draw(top) {
        drawLine(doc, 'No coronary calcium', column, top, FINDING);
        drawLine(doc, statement, column, top + lineHeightMm(FINDING), BODY);
      },
    },
  ];
}
