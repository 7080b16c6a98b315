import { printable, readableDate } from './printable.ts';
import type { PrintedSubject } from './printed-subject.ts';
import type { ReportOrigin } from './report-foot.ts';

/** The part of jsPDF's document that is about the file. */
export interface PdfFile {
  setProperties(properties: { title: string; subject: string; creator: string; keywords: string }): unknown;
  setLanguage(code: 'en-US'): unknown;
  setCreationDate(date: Date | string): unknown;
  setFileId(id: string): unknown;
}

export interface PdfProperties extends ReportOrigin, Pick<PrintedSubject, 'patient' | 'study'> {
  readonly title: string;
  /** The result in a line. */
  readonly summary: string;
  readonly keywords: string;
  readonly seriesInstanceUid: string;
}

/** Names the file and makes it the same for the same report: neither the clock nor chance are in it. */
export function setPdfProperties(file: PdfFile, properties: PdfProperties): void {
  const { title, summary, keywords, patient, study, software, createdAt } = properties;
  const about = [patient.id, readableDate(study.date)].filter(Boolean).join(', ');
  file.setProperties({
    title: printable(`${title}${about && `: ${about}`}`),
    subject: printable(`${summary} Not for diagnostic use.`),
    creator: printable(`${software.name} ${software.version}`),
    keywords,
  });
  file.setLanguage('en-US');
  // A Date would be written in the machine's time zone, and the same report would differ between machines. But jsPDF
  // refuses such a text for years from 2038 on.
  const inUtc = `D:${createdAt.toISOString().replace(/\D/g, '').slice(0, 14)}+00'00'`;
  file.setCreationDate(createdAt.getUTCFullYear() < 2038 ? inUtc : createdAt);
  file.setFileId(fileId(properties));
}

/** 32 hexadecimal digits: the end of the series' UID and the millisecond. jsPDF's own identifier is a random one. */
function fileId({ seriesInstanceUid, createdAt }: PdfProperties): string {
  const digits = seriesInstanceUid.replace(/\D/g, '').slice(-20);
  return digits.padStart(20, '0') + createdAt.getTime().toString(16).padStart(12, '0');
}

/** Name for downloads: calcium-<patient id>-<study date>.pdf, of letters, digits, dots and dashes only. */
export function downloadName(kind: string, { patient, study }: PrintedSubject, extension = 'pdf'): string {
  const parts = [patient.id, readableDate(study.date)].map(safe).filter(Boolean);
  return `${[kind, ...parts].join('-')}.${extension}`;
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
