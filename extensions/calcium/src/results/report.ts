import {
  type Column,
  commentSection,
  downloadName,
  factsBlock,
  type PageFiller,
  type PrintedSubject,
  pageFiller,
  reportFrame,
  type Section,
  setPdfProperties,
  titleBlock,
  warningsSection,
} from '@voxelwise/dicom';
import type { jsPDF } from 'jspdf';
import type { Category, Mass, PersonAssessment, Score, Vessel } from '../core/index.ts';
import { formatTotalAgatston } from './format.ts';
import type { KeyImage } from './key-image.ts';
import { acquisitionFacts } from './report-acquisition.ts';
import { keyImagesBlock, leastImagesMm } from './report-images.ts';
import { interpretationSection } from './report-interpretation.ts';
import { methodBlock, methodSections } from './report-method.ts';
import { nothingFoundSection } from './report-nothing-found.ts';
import { resultBlock } from './report-result.ts';

/** Everything the report says. Texts are as in the DICOM headers, '' where unknown. */
export interface CalciumReport extends PrintedSubject {
  readonly acquisition: {
    readonly seriesDescription: string;
    readonly seriesInstanceUid: string;
    readonly manufacturer: string;
    readonly model: string;
    readonly kvp: string;
    readonly tubeCurrentMa: string;
    readonly kernel: string;
    readonly sliceThicknessMm: string;
    readonly incrementMm: number;
    readonly pixelSpacingMm: readonly [number, number];
    readonly slices: number;
    readonly gating: string;
  };
  /** Always LM, LAD, LCX, RCA. */
  readonly vessels: readonly {
    readonly vessel: Vessel;
    readonly score: Score;
    readonly mass: Pick<Mass, 'massMg'>;
  }[];
  readonly total: Score;
  readonly totalMass: Pick<Mass, 'massMg'>;
  readonly category: Category;
  /** What was asked of the person; missing where nothing was. */
  readonly person?: PersonAssessment;
  readonly conventionInWords: readonly string[];
  readonly compute: { readonly producer: string; readonly milliseconds: number; readonly notes: readonly string[] };
  readonly warnings: readonly string[];
  /** For the record, and not to be weighed: what of a segmentation does not count. */
  readonly notes: readonly string[];
  /** At most 4. */
  readonly keyImages: readonly KeyImage[];
  readonly software: { readonly name: string; readonly version: string };
  readonly createdAt: Date;
}

export interface ReportOptions {
  readonly paper?: 'a4' | 'letter';
}

const TITLE = 'Coronary calcium score';
/** Between sections: the first that saves a page, or brings the key images to the first one. */
const GAPS_MM = [5, 3.5];
const MOST_IMAGES = 4;
/** Where they share a page with the method. */
const MOST_IMAGES_MM_LATER = 60;

/**
 * The report as a PDF, the same bytes for the same report and paper. It has one page where everything fits on it; else the
 * method, and what else does not fit, go on behind the first page, under the patient's name. Nothing that the numbers need is
 * ever cut: convention, warnings, sources. Characters that the font lacks are spelled or left out, never garbled.
 * Runs in browsers and in Node; jsPDF is loaded on the first call.
 */
export async function renderCalciumReport(
  report: CalciumReport,
  { paper = 'a4' }: ReportOptions = {},
): Promise<Uint8Array> {
  const [{ jsPDF }, { autoTable }] = await Promise.all([import('jspdf'), import('jspdf-autotable')]);
  const doc = new jsPDF({ unit: 'mm', format: paper, compress: true, putOnlyUsedFonts: true });
  setPdfProperties(doc, {
    ...report,
    title: TITLE,
    summary: `Agatston score ${formatTotalAgatston(report.total.agatston)}, ${report.category.label}.`,
    keywords: 'coronary calcium, Agatston score, CT',
    seriesInstanceUid: report.acquisition.seriesInstanceUid,
  });
  const frame = reportFrame(doc, TITLE, report);
  const { column } = frame;

  const upper: Section[] = [
    [titleBlock(doc, TITLE, report, column)],
    [factsBlock(doc, report, acquisitionFacts(report), column)],
    [resultBlock(doc, autoTable, report, column)],
    interpretationSection(doc, report, column),
    warningsSection(doc, report.warnings, column),
    nothingFoundSection(doc, report, column),
  ];
  const layouts = GAPS_MM.map(gapMm => {
    const filler = pageFiller(page => frame.spaceOf(page, gapMm), gapMm);
    for (const section of upper) filler.add(section);
    const pagesBeforeImages = addImagesAndMethod(doc, report, column, filler);
    return { pages: filler.pages, cost: filler.pages.length + pagesBeforeImages };
  });
  const least = Math.min(...layouts.map(({ cost }) => cost));
  const { pages } = layouts.find(({ cost }) => cost === least)!;

  frame.draw(pages);
  return new Uint8Array(doc.output('arraybuffer'));
}

/**
 * Below the result: key images, room for a comment, and the method at the foot of the first page where it fits whole.
 * @returns how many pages come before the key images
 */
function addImagesAndMethod(doc: jsPDF, report: CalciumReport, column: Column, filler: PageFiller): number {
  const { gapMm } = filler;
  const images = report.keyImages.slice(0, MOST_IMAGES);
  const leastMm = images.length > 0 ? leastImagesMm(doc, images) : 0;
  const method = methodBlock(doc, report, column);
  const isOnePage =
    filler.pages.length === 1 && filler.freeMm() >= method.heightMm + (images.length > 0 ? leastMm + gapMm : 0);
  const freeMm = () => filler.freeMm() - (isOnePage ? method.heightMm + gapMm : 0);

  if (images.length > 0 && freeMm() < leastMm) {
    if (filler.pages.length === 1) filler.add(commentSection(doc, column, freeMm()));
    filler.startPage();
  }
  const pagesBefore = filler.pages.length - 1;
  const imagesMm = pagesBefore === 0 ? freeMm() : Math.min(freeMm(), MOST_IMAGES_MM_LATER);
  if (images.length > 0) filler.add([keyImagesBlock(doc, images, column, imagesMm)]);
  if (pagesBefore === 0) filler.add(commentSection(doc, column, freeMm()));

  if (isOnePage) filler.addAtFoot(method);
  else {
    if (filler.pages.length === 1) filler.startPage();
    for (const section of methodSections(doc, report, column)) filler.add(section);
  }
  return images.length > 0 ? pagesBefore : 0;
}

/** File name for downloads: calcium-<patient id>-<study date>.pdf, of letters, digits, dots and dashes only. */
export function reportFileName(report: Pick<CalciumReport, 'patient' | 'study'>): string {
  return downloadName('calcium', report);
}
