import {
  downloadName,
  factsBlock,
  type PrintedSubject,
  pageFiller,
  type ReportOrigin,
  reportFrame,
  type Section,
  setPdfProperties,
  titleBlock,
  warningsSection,
} from '@voxelwise/dicom';
import type { PerfusionResult } from '../perfusion-result.ts';
import type { EdgeLabels } from '../picture/edge-labels.ts';
import { acquisitionFacts, type PerfusionAcquisition } from './report-acquisition.ts';
import { curvesSection } from './report-curves.ts';
import { mapsSection } from './report-maps.ts';
import { methodSections } from './report-method.ts';
import { regionsSection } from './report-regions.ts';
import { strokeSection } from './report-stroke.ts';

/** Everything the report says. */
export interface PerfusionReport extends PrintedSubject, ReportOrigin {
  readonly acquisition: PerfusionAcquisition;
  readonly result: PerfusionResult;
  /** The slice that is pictured, from 0. */
  readonly slice: number;
  /** In words: "Image 7", "Slice 3 of 16". */
  readonly sliceName: string;
  /** Letters at the edges of the pictures; null where the orientation is not known. */
  readonly edges: EdgeLabels | null;
}

export interface PerfusionReportOptions {
  readonly paper?: 'a4' | 'letter';
}

const TITLE = 'Brain perfusion';
const GAP_MM = 4.5;

/**
 * The report as a PDF, the same bytes for the same report and paper: volumes with their rules, warnings, the maps with their color
 * bars, curves as lines, regions, and all that the numbers rest on. Runs in browsers and in Node; jsPDF is loaded on the first call.
 */
export async function renderPerfusionReport(
  report: PerfusionReport,
  { paper = 'a4' }: PerfusionReportOptions = {},
): Promise<Uint8Array> {
  const { jsPDF } = await import('jspdf');
  const doc = new jsPDF({ unit: 'mm', format: paper, compress: true, putOnlyUsedFonts: true });
  const { result } = report;
  setPdfProperties(doc, {
    ...report,
    title: TITLE,
    summary: summaryOf(result),
    keywords: 'brain perfusion, CBF, CBV, MTT, Tmax, TTP',
    seriesInstanceUid: report.acquisition.seriesInstanceUid,
  });
  const frame = reportFrame(doc, TITLE, report);
  const { column } = frame;
  const sections: Section[] = [
    [titleBlock(doc, TITLE, report, column)],
    [factsBlock(doc, report, acquisitionFacts(report), column)],
    strokeSection(doc, result, column),
    warningsSection(doc, result.warnings, column),
    mapsSection(doc, report, column),
    curvesSection(doc, result, column),
    regionsSection(doc, result, column),
    ...methodSections(doc, report, column),
  ];
  const filler = pageFiller(page => frame.spaceOf(page, GAP_MM), GAP_MM);
  for (const section of sections) filler.add(section);
  frame.draw(filler.pages);
  return new Uint8Array(doc.output('arraybuffer'));
}

/** File name for downloads: perfusion-<patient id>-<study date>.pdf, of letters, digits, dots and dashes only. */
export function perfusionReportFileName(subject: PrintedSubject): string {
  return downloadName('perfusion', subject);
}

function summaryOf({ stroke }: PerfusionResult): string {
  return stroke
    ? `Core ${stroke.coreMl.toFixed(1)} mL, hypoperfusion ${stroke.hypoperfusedMl.toFixed(1)} mL.`
    : 'Maps without volumes.';
}
