import { type Fact, factRows } from './fact-list.ts';
import { readableAge, readableDate, readablePersonName, readableSex, readableTime } from './printable.ts';
import type { PrintedSubject } from './printed-subject.ts';
import {
  type Block,
  type Column,
  drawLine,
  drawLines,
  drawRule,
  heading,
  INK,
  lineHeightMm,
  MUTED,
  type PdfDocument,
  shrunk,
  stacked,
  type TextStyle,
  wrapped,
} from './sheet.ts';

const TITLE: TextStyle = { sizePt: 19, bold: true };
const STUDY_DATE: TextStyle = { sizePt: 11, bold: true };
const SMALL: TextStyle = { sizePt: 8, color: MUTED };
const NAME: TextStyle = { sizePt: 12.5, bold: true };
const CONTINUED_NAME: TextStyle = { sizePt: 10, bold: true };
const COLUMN_GAP_MM = 9;

/** Title on the left; study date and institution on the right; a strong rule below. */
export function titleBlock(doc: PdfDocument, title: string, { study }: PrintedSubject, column: Column): Block {
  const widthMm = column.widthMm * 0.42;
  const right: Column = { leftMm: column.leftMm + column.widthMm - widthMm, widthMm };
  const institution = study.institution.trim() === '' ? [] : wrapped(doc, study.institution, widthMm, SMALL, 2);
  const ruleMm = 11 + Math.max(0, institution.length - 1) * lineHeightMm(SMALL);
  return {
    heightMm: ruleMm + 2,
    draw(top) {
      drawLine(doc, title, { ...column, widthMm: column.widthMm * 0.55 }, top, TITLE);
      drawLine(doc, studyDate(study), right, top + 0.4, STUDY_DATE, 'right');
      drawLines(doc, institution, right.leftMm + widthMm, top + 5.6, SMALL, 'right');
      drawRule(doc, column, top + ruleMm, INK, 0.5);
    },
  };
}

/** Head of every page but the first: whose report it is, so that no page can be taken for another patient's. */
export function continuationBlock(doc: PdfDocument, title: string, subject: PrintedSubject, column: Column): Block {
  const { patient, study } = subject;
  const leftMm = column.widthMm * 0.62;
  const right = { leftMm: column.leftMm + leftMm, widthMm: column.widthMm - leftMm };
  const left = { leftMm: column.leftMm, widthMm: leftMm - 4 };
  const born = readableDate(patient.birthDate);
  const person = joined(', ', patientId(subject), born && `born ${born}`, readableSex(patient.sex));
  const about = joined(', ', studyDate(study), study.accessionNumber.trim() && `no. ${study.accessionNumber.trim()}`);
  const nameLines = wrapped(doc, nameOf(subject), left.widthMm, CONTINUED_NAME, 2);
  const personLines = wrapped(doc, person, left.widthMm, SMALL, 3);
  const aboutLines = wrapped(doc, about, right.widthMm, SMALL, 2);
  const nameMm = nameLines.length * lineHeightMm(CONTINUED_NAME) + 0.6;
  const titleMm = lineHeightMm(CONTINUED_NAME) + 0.6;
  const ruleMm =
    Math.max(nameMm + personLines.length * lineHeightMm(SMALL), titleMm + aboutLines.length * lineHeightMm(SMALL)) +
    1.6;
  return {
    heightMm: ruleMm + 4,
    draw(top) {
      drawLines(doc, nameLines, left.leftMm, top, CONTINUED_NAME);
      drawLines(doc, personLines, left.leftMm, top + nameMm, SMALL);
      drawLine(doc, title, right, top, CONTINUED_NAME, 'right');
      drawLines(doc, aboutLines, right.leftMm + right.widthMm, top + titleMm, SMALL, 'right');
      drawRule(doc, column, top + ruleMm, INK, 0.5);
    },
  };
}

/**
 * Who was scanned and how: patient and study on the left, acquisition on the right.
 * @param acquisition how the images were made; facts without a value are left out
 */
export function factsBlock(
  doc: PdfDocument,
  subject: PrintedSubject,
  acquisition: readonly Fact[],
  column: Column,
): Block {
  const widthMm = (column.widthMm - COLUMN_GAP_MM) / 2;
  const left = { leftMm: column.leftMm, widthMm };
  const right = { leftMm: column.leftMm + widthMm + COLUMN_GAP_MM, widthMm };
  const leftFacts = stacked(factRows(doc, patientAndStudy(subject), left, { mostLines: 2 }));
  const rightFacts = stacked(factRows(doc, acquisition, right, { mostLines: 2 }));

  const name = nameOf(subject);
  const nameStyle = shrunk(doc, name, widthMm, NAME, 9);
  const nameLines = wrapped(doc, name, widthMm, nameStyle, 2);
  const nameHeight = Math.max(lineHeightMm(NAME), nameLines.length * lineHeightMm(nameStyle)) + 1.2;
  const acquisitionHeading = heading(doc, 'Acquisition', right);

  return {
    heightMm: nameHeight + Math.max(leftFacts.heightMm, rightFacts.heightMm),
    draw(top) {
      drawLines(doc, nameLines, left.leftMm, top, nameStyle);
      acquisitionHeading.draw(top + nameHeight - 1.2 - acquisitionHeading.heightMm + 0.9);
      leftFacts.draw(top + nameHeight);
      rightFacts.draw(top + nameHeight);
    },
  };
}

function nameOf({ patient }: PrintedSubject): string {
  return readablePersonName(patient.name) || 'Name not given';
}

function patientId({ patient }: PrintedSubject): string {
  return `ID ${patient.id.trim() || 'not given'}`;
}

function studyDate({ date }: PrintedSubject['study']): string {
  const readable = readableDate(date);
  return readable ? `Study of ${readable}` : 'Study date not given';
}

function patientAndStudy({ patient, study }: PrintedSubject): Fact[] {
  const born = readableDate(patient.birthDate);
  const age = readableAge(patient.age);
  return [
    ['Patient ID', patient.id.trim() || 'not given'],
    born ? ['Born', joined(' ', born, age && `(${age})`)] : ['Age', age],
    ['Sex', readableSex(patient.sex)],
    ['Study', study.description],
    ['Performed', joined(' ', readableDate(study.date), readableTime(study.time))],
    ['Accession no.', study.accessionNumber],
  ];
}

/** What there is of the parts, without blanks around them. */
export function joined(separator: string, ...parts: string[]): string {
  return parts
    .map(part => part.trim())
    .filter(Boolean)
    .join(separator);
}

/** "120" becomes "120 kV"; a value that is already in words, or empty, stays. */
export function withUnit(value: string, unit: string): string {
  const text = value.trim();
  return /^-?\d+(\.\d+)?$/.test(text) ? `${short(Number(text))} ${unit}` : text;
}

/** At most three decimals, without zeros at the end. */
export function short(value: number): string {
  return String(Number(value.toFixed(3)));
}
