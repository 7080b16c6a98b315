import { type Block, type Column, type PdfDocument, paragraph, type Section, textSection } from '@voxelwise/dicom';
import { strokeNumbers, strokeRulesInWords } from '../convention-in-words.ts';
import type { PerfusionResult } from '../perfusion-result.ts';
import { tableSection } from './table.ts';

const HEADING = 'Core and hypoperfusion';
const SPACE: Block = { heightMm: 1.2, draw: () => {} };

/** Volumes and ratios, each beside its rule, and what all of them rest on. */
export function strokeSection(doc: PdfDocument, { stroke }: PerfusionResult, column: Column): Section {
  if (!stroke) return textSection(doc, HEADING, ['They were not computed.'], column);
  const rows = strokeNumbers(stroke).map(({ name, text, rule }) => [name, text, rule]);
  return [
    ...tableSection(
      doc,
      HEADING,
      [
        { title: '', part: 0.27 },
        { title: 'Result', part: 0.3, isBold: true },
        { title: 'Rule', part: 0.43 },
      ],
      rows,
      column,
    ),
    ...strokeRulesInWords(stroke.rules).flatMap((text, index) => [
      ...(index === 0 ? [SPACE] : []),
      ...paragraph(doc, text, column, { sizePt: 7.5 }),
    ]),
  ];
}
