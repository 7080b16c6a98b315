import type { jsPDF } from 'jspdf';
import { type Fact, factList } from './fact-list.ts';
import { readableAge, readableDate, readablePersonName, readableSex, readableTime } from './printable.ts';
import type { CalciumReport } from './report.ts';
import {
  type Block,
  type Column,
  drawLine,
  drawLines,
  drawRule,
  INK,
  lineHeightMm,
  MUTED,
  shrunk,
  type TextStyle,
  wrapped,
} from './sheet.ts';

const TITLE: TextStyle = { sizePt: 19, bold: true };
const STUDY_DATE: TextStyle = { sizePt: 11, bold: true };
const SMALL: TextStyle = { sizePt: 8, color: MUTED };
const NAME: TextStyle = { sizePt: 12.5, bold: true };
const HEADING: TextStyle = { sizePt: 8, bold: true, color: MUTED };
const COLUMN_GAP_MM = 9;

/** Title on the left; study date and institution on the right; a strong rule below. */
export function titleBlock(doc: jsPDF, { study }: CalciumReport, column: Column): Block {
  return {
    heightMm: 13,
    draw(top) {
      drawLine(doc, 'Coronary calcium score', { ...column, widthMm: column.widthMm * 0.55 }, top, TITLE);
      const widthMm = column.widthMm * 0.42;
      const right: Column = { leftMm: column.leftMm + column.widthMm - widthMm, widthMm };
      const date = readableDate(study.date);
      drawLine(doc, date ? `Study of ${date}` : 'Study date not given', right, top + 0.4, STUDY_DATE, 'right');
      drawLine(doc, study.institution, right, top + 5.6, SMALL, 'right');
      drawRule(doc, column, top + 11, INK, 0.5);
    },
  };
}

/** Who was scanned and how: patient and study on the left, acquisition on the right. */
export function factsBlock(doc: jsPDF, report: CalciumReport, column: Column, linesPerFact: number): Block {
  const widthMm = (column.widthMm - COLUMN_GAP_MM) / 2;
  const left = { leftMm: column.leftMm, widthMm };
  const right = { leftMm: column.leftMm + widthMm + COLUMN_GAP_MM, widthMm };
  const leftFacts = factList(doc, patientAndStudy(report), left, linesPerFact);
  const rightFacts = factList(doc, acquisition(report), right, linesPerFact);

  const name = readablePersonName(report.patient.name) || 'Name not given';
  const nameStyle = shrunk(doc, name, widthMm, NAME, 9);
  const nameLines = wrapped(doc, name, widthMm, 2, nameStyle);
  const nameHeight = Math.max(lineHeightMm(NAME), nameLines.length * lineHeightMm(nameStyle)) + 1.2;

  return {
    heightMm: Math.max(nameHeight + leftFacts.heightMm, nameHeight + rightFacts.heightMm),
    draw(top) {
      drawLines(doc, nameLines, left.leftMm, top, nameStyle);
      drawLine(doc, 'Acquisition', right, top + lineHeightMm(NAME) - lineHeightMm(HEADING), HEADING);
      leftFacts.draw(top + nameHeight);
      rightFacts.draw(top + nameHeight);
    },
  };
}

function patientAndStudy({ patient, study }: CalciumReport): Fact[] {
  const born = readableDate(patient.birthDate);
  const age = readableAge(patient.age);
  return [
    ['Patient ID', patient.id.trim() || 'not given', true],
    born ? ['Born', joined(' ', born, age && `(${age})`)] : ['Age', age],
    ['Sex', readableSex(patient.sex)],
    ['Study', study.description],
    ['Performed', joined(' ', readableDate(study.date), readableTime(study.time))],
    ['Accession no.', study.accessionNumber, true],
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
