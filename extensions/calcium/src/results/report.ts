import type { jsPDF } from 'jspdf';
import type { Category, Mass, PersonAssessment, Score, Vessel } from '../core/index.ts';
import { formatTotalAgatston } from './format.ts';
import type { KeyImage } from './key-image.ts';
import { printable, readableDate } from './printable.ts';
import { commentBlock, conventionBlock, footerBlock, nothingFoundBlock, warningsBlock } from './report-details.ts';
import { factsBlock, titleBlock } from './report-header.ts';
import { arrangeKeyImages, keyImagesBlock } from './report-images.ts';
import { interpretationBlock } from './report-interpretation.ts';
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
const GAP_MM = 5;
const MOST_IMAGES = 4;
/** Key images are worth cutting long texts down to this side, not further. */
const SMALLEST_IMAGE_MM = 38;

/** How many warnings there may be, and how many lines a long text may take. The first entry that leaves room for the key images is used. */
const DENSITIES = [
  { fact: 2, interpretation: 2, warnings: 8, warning: 3, convention: 2 },
  { fact: 2, interpretation: 2, warnings: 8, warning: 2, convention: 2 },
  { fact: 1, interpretation: 2, warnings: 8, warning: 2, convention: 1 },
  { fact: 1, interpretation: 1, warnings: 8, warning: 1, convention: 1 },
  { fact: 1, interpretation: 1, warnings: 5, warning: 1, convention: 1 },
] as const;
type Density = (typeof DENSITIES)[number];

/**
 * The report as a PDF of exactly one page, the same bytes for the same report and paper. Long texts are set smaller,
 * then cut with an ellipsis; characters that the font lacks are spelled or left out, never garbled.
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
  const images = report.keyImages.slice(0, MOST_IMAGES);
  const title = titleBlock(doc, report, column);
  const result = resultBlock(doc, autoTable, report, column);
  const footer = footerBlock(doc, report, column);
  const bodyMm = pageMm.height - TOP_MARGIN_MM - BOTTOM_MARGIN_MM - footer.heightMm - GAP_MM;

  const finding = nothingFoundBlock(doc, report, column);
  const stack = (density: Density) => {
    const convention = conventionBlock(doc, report, column, density.convention);
    const upper = [
      title,
      factsBlock(doc, report, column, density.fact),
      result,
      interpretationBlock(doc, report, column, density.interpretation),
      warningsBlock(doc, report, column, density.warnings, density.warning),
      finding,
    ].filter(block => block !== null);
    const freeMm = bodyMm - [...upper, convention].reduce((sum, { heightMm }) => sum + heightMm + GAP_MM, 0);
    return { upper, convention, freeMm };
  };
  let page = stack(DENSITIES[0]);
  for (const density of DENSITIES.slice(1)) {
    if (fits(images.length, column, page.freeMm)) break;
    page = stack(density);
  }

  const { upper, convention, freeMm } = page;
  const pictures = keyImagesBlock(doc, images, column, freeMm);
  const comment = commentBlock(doc, column, pictures ? freeMm - pictures.heightMm - GAP_MM : freeMm);
  let top = TOP_MARGIN_MM;
  for (const block of [...upper, pictures, comment]) {
    if (!block) continue;
    block.draw(top);
    top += block.heightMm + GAP_MM;
  }
  // The convention and the signature belong to the foot of the page.
  const footerTop = pageMm.height - BOTTOM_MARGIN_MM - footer.heightMm;
  convention.draw(footerTop - GAP_MM - convention.heightMm);
  footer.draw(footerTop);
  return new Uint8Array(doc.output('arraybuffer'));
}

function fits(images: number, column: Column, freeMm: number): boolean {
  return images === 0 ? freeMm >= 0 : arrangeKeyImages(images, column, freeMm).sideMm >= SMALLEST_IMAGE_MM;
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
