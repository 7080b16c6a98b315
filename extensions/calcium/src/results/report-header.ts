import type { jsPDF } from 'jspdf';
import { type Fact, factRows } from './fact-list.ts';
import { readableAge, readableDate, readablePersonName, readableSex, readableTime } from './printable.ts';
import type { CalciumReport } from './report.ts';
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
  shrunk,
  stacked,
  type TextStyle,
  wrapped,
} from './sheet.ts';

const TITLE_TEXT = 'Coronary calcium score';
const TITLE: TextStyle = { sizePt: 19, bold: true };
const STUDY_DATE: TextStyle = { sizePt: 11, bold: true };
const SMALL: TextStyle = { sizePt: 8, color: MUTED };
const NAME: TextStyle = { sizePt: 12.5, bold: true };
const CONTINUED_NAME: TextStyle = { sizePt: 10, bold: true };
const COLUMN_GAP_MM = 9;

/** Title on the left; study date and institution on the right; a strong rule below. */
export function titleBlock(doc: jsPDF, { study }: CalciumReport, column: Column): Block {
  const widthMm = column.widthMm * 0.42;
  const right: Column = { leftMm: column.leftMm + column.widthMm - widthMm, widthMm };
  const institution = study.institution.trim() === '' ? [] : wrapped(doc, study.institution, widthMm, SMALL, 2);
  const ruleMm = 11 + Math.max(0, institution.length - 1) * lineHeightMm(SMALL);
  return {
    heightMm: ruleMm + 2,
    draw(top) {
      drawLine(doc, TITLE_TEXT, { ...column, widthMm: column.widthMm * 0.55 }, top, TITLE);
      drawLine(doc, studyDate(study), right, top + 0.4, STUDY_DATE, 'right');
      drawLines(doc, institution, right.leftMm + widthMm, top + 5.6, SMALL, 'right');
      drawRule(doc, column, top + ruleMm, INK, 0.5);
    },
  };
}

/** Head of every page but the first: whose report it is, so that no page can be taken for another patient's. */
export function continuationBlock(doc: jsPDF, report: CalciumReport, column: Column): Block {
  const { patient, study } = report;
  const leftMm = column.widthMm * 0.62;
  const right = { leftMm: column.leftMm + leftMm, widthMm: column.widthMm - leftMm };
  const left = { leftMm: column.leftMm, widthMm: leftMm - 4 };
  const born = readableDate(patient.birthDate);
  const person = joined(', ', patientId(report), born && `born ${born}`, readableSex(patient.sex));
  const about = joined(', ', studyDate(study), study.accessionNumber.trim() && `no. ${study.accessionNumber.trim()}`);
  const nameLines = wrapped(doc, nameOf(report), left.widthMm, CONTINUED_NAME, 2);
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
      drawLine(doc, TITLE_TEXT, right, top, CONTINUED_NAME, 'right');
      drawLines(doc, aboutLines, right.leftMm + right.widthMm, top + titleMm, SMALL, 'right');
      drawRule(doc, column, top + ruleMm, INK, 0.5);
    },
  };
}

/** Who was scanned and how: patient and study on the left, acquisition on the right. */
export function factsBlock(doc: jsPDF, report: CalciumReport, column: Column): Block {
  const widthMm = (column.widthMm - COLUMN_GAP_MM) / 2;
  const left = { leftMm: column.leftMm, widthMm };
  const right = { leftMm: column.leftMm + widthMm + COLUMN_GAP_MM, widthMm };
  const leftFacts = stacked(factRows(doc, patientAndStudy(report), left, { mostLines: 2 }));
  const rightFacts = stacked(factRows(doc, acquisition(report), right, { mostLines: 2 }));

  const name = nameOf(report);
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

function nameOf({ patient }: CalciumReport): string {
  return readablePersonName(patient.name) || 'Name not given';
}

function patientId({ patient }: CalciumReport): string {
  return `ID ${patient.id.trim() || 'not given'}`;
}

function studyDate({ date }: CalciumReport['study']): string {
  const readable = readableDate(date);
  return readable ? `Study of ${readable}` : 'Study date not given';
}

function patientAndStudy({ patient, study }: CalciumReport): Fact[] {
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

function acquisition({ acquisition: a }: CalciumReport): Fact[] {
  const thickness = withUnit(a.sliceThicknessMm, 'mm');
  return [
    ['Series', a.seriesDescription],
    ['Scanner', joined(' ', a.manufacturer, a.model)],
    ['Tube', joined(', ', withUnit(a.kvp, 'kV'), withUnit(a.tubeCurrentMa, 'mA'))],
    ['Kernel', a.kernel],
    ['Slices', `${a.slices}, every ${short(a.incrementMm)} mm${thickness && `, ${thickness} thick`}`],
    ['Pixel', `${a.pixelSpacingMm.map(short).join(' × ')} mm`],
    ['Gating', a.gating],
  ];
}

function joined(separator: string, ...parts: string[]): string {
  return parts
    .map(part => part.trim())
    .filter(Boolean)
    .join(separator);
}

/** "120" becomes "120 kV"; a value that is already in words, or empty, stays. */
function withUnit(value: string, unit: string): string {
  const text = value.trim();
  return /^-?\d+(\.\d+)?$/.test(text) ? `${short(Number(text))} ${unit}` : text;
}

function short(value: number): string {
  return String(Number(value.toFixed(3)));
}
