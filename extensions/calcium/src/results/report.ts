import type { jsPDF } from 'jspdf';
import type { Category, Mass, PersonAssessment, Score, Vessel } from '../core/index.ts';
import { formatTotalAgatston } from './format.ts';
import type { KeyImage } from './key-image.ts';
import { printable, readableDate } from './printable.ts';
import { commentSection, nothingFoundSection, warningsSection } from './report-details.ts';
import { firstFoot, pageFoot } from './report-foot.ts';
import { continuationBlock, factsBlock, titleBlock } from './report-header.ts';
import { keyImagesBlock, leastImagesMm } from './report-images.ts';
import { interpretationSection } from './report-interpretation.ts';
import { methodBlock, methodSections } from './report-method.ts';
import { type PageFiller, pageFiller, type Section } from './report-pages.ts';
import { resultBlock } from './report-result.ts';
import type { Column } from './sheet.ts';

/** Everything the report says. Texts are as in the DICOM headers, '' where unknown. */
export interface CalciumReport {
  /** name is a raw DICOM PN; birthDate DA; age AS. */
  readonly patient: {
    readonly name: string;
    readonly id: string;
    readonly birthDate: string;
    readonly sex: string;
    readonly age: string;
  };
  readonly study: {
    readonly description: string;
    readonly date: string;
    readonly time: string;
    readonly accessionNumber: string;
    readonly instanceUid: string;
    readonly institution: string;
  };
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

const SIDE_MARGIN_MM = 16;
const TOP_MARGIN_MM = 13;
const BOTTOM_MARGIN_MM = 10;
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
  setProperties(doc, report);

  const pageMm = { width: doc.internal.pageSize.getWidth(), height: doc.internal.pageSize.getHeight() };
  const column: Column = { leftMm: SIDE_MARGIN_MM, widthMm: pageMm.width - 2 * SIDE_MARGIN_MM };
  const laterHead = continuationBlock(doc, report, column);
  const feet = (pages: number) => [
    firstFoot(doc, report, column, pages),
    ...Array.from({ length: pages - 1 }, (_, index) => pageFoot(doc, report, column, [index + 2, pages])),
  ];
  // Feet with other page numbers are as high.
  const [firstFootMm, laterFootMm] = feet(2).map(({ heightMm }) => heightMm) as [number, number];
  const footTopMm = (page: number) => pageMm.height - BOTTOM_MARGIN_MM - (page === 0 ? firstFootMm : laterFootMm);

  const upper: Section[] = [
    [titleBlock(doc, report, column)],
    [factsBlock(doc, report, column)],
    [resultBlock(doc, autoTable, report, column)],
    interpretationSection(doc, report, column),
    warningsSection(doc, report, column),
    nothingFoundSection(doc, report, column),
  ];
  const layouts = GAPS_MM.map(gapMm => {
    const topMm = (page: number) => TOP_MARGIN_MM + (page === 0 ? 0 : laterHead.heightMm);
    const filler = pageFiller(page => ({ topMm: topMm(page), bottomMm: footTopMm(page) - gapMm }), gapMm);
    for (const section of upper) filler.add(section);
    const pagesBeforeImages = addImagesAndMethod(doc, report, column, filler);
    return { pages: filler.pages, cost: filler.pages.length + pagesBeforeImages };
  });
  const least = Math.min(...layouts.map(({ cost }) => cost));
  const { pages } = layouts.find(({ cost }) => cost === least)!;

  feet(pages.length).forEach((foot, page) => {
    if (page > 0) {
      doc.addPage();
      laterHead.draw(TOP_MARGIN_MM);
    }
    for (const { block, topMm } of pages[page]!) block.draw(topMm);
    foot.draw(footTopMm(page));
  });
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
export function reportFileName({ patient, study }: Pick<CalciumReport, 'patient' | 'study'>): string {
  const parts = [patient.id, readableDate(study.date)].map(safe).filter(Boolean);
  return `${['calcium', ...parts].join('-')}.pdf`;
}

function safe(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .slice(0, 64)
    .replace(/\.{2,}/g, '.')
    .replace(/^[.-]+|[.-]+$/g, '');
}

function setProperties(doc: jsPDF, report: CalciumReport): void {
  const { patient, study, total, category, software, createdAt } = report;
  const about = [patient.id, readableDate(study.date)].filter(Boolean).join(', ');
  doc.setProperties({
    title: printable(`Coronary calcium score${about && `: ${about}`}`),
    subject: `Agatston score ${formatTotalAgatston(total.agatston)}, ${category.label}. Not for diagnostic use.`,
    creator: printable(`${software.name} ${software.version}`),
    keywords: 'coronary calcium, Agatston score, CT',
  });
  doc.setLanguage('en-US');
  // A Date would be written in the machine's time zone, and the same report would differ between machines. But jsPDF
  // refuses such a text for years from 2038 on.
  const inUtc = `D:${createdAt.toISOString().replace(/\D/g, '').slice(0, 14)}+00'00'`;
  doc.setCreationDate(createdAt.getUTCFullYear() < 2038 ? inUtc : createdAt);
  doc.setFileId(fileId(report));
}

/** 32 hexadecimal digits: the end of the series' UID and the millisecond. jsPDF's own identifier is a random one. */
function fileId({ acquisition, createdAt }: CalciumReport): string {
  const digits = acquisition.seriesInstanceUid.replace(/\D/g, '').slice(-20);
  return digits.padStart(20, '0') + createdAt.getTime().toString(16).padStart(12, '0');
}
