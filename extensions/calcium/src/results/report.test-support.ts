import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  assessMesaRisk,
  categoryOf,
  conventionInWords,
  DEFAULT_CONVENTION,
  describeConvention,
  HOFF_2001,
  type MesaInputs,
  measuredCalibration,
  percentileOf,
  type Score,
  VESSELS,
  type Vessel,
} from '../core/index.ts';
import type { KeyImage } from './key-image.ts';
import type { CalciumReport } from './report.ts';

const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined;

/** Tests that read PDFs by poppler-utils: skipped where that is missing, except in continuous integration. */
export const describeWithPoppler = hasPoppler || process.env.CI ? describe : describe.skip;

export function scoreOf(agatston: number, volumeMm3 = agatston, lesions = agatston > 0 ? 1 : 0): Score {
  return { agatston, volumeMm3, lesions, lesionSlices: lesions };
}

/** A small picture: a grey ramp. */
export function keyImage(
  vessel: Vessel,
  caption: readonly string[] = ['Image 7', '100 mm wide', 'W 700 L 130'],
): KeyImage {
  const size = 24;
  const rgba = new Uint8ClampedArray(size * size * 4).map((_, byte) => (byte % 4 === 3 ? 255 : (byte >> 2) % 256));
  return { vessel, slice: 6, caption, width: size, height: size, rgba };
}

/** The scores of LM, LAD, LCX and RCA as the part of a report that depends on them. */
export function scored(
  scores: readonly Score[],
): Pick<CalciumReport, 'vessels' | 'total' | 'totalMass' | 'category' | 'keyImages'> {
  const sum = (of: (score: Score) => number) => scores.reduce((all, score) => all + of(score), 0);
  const agatston = sum(score => score.agatston);
  const lesions = sum(score => score.lesions);
  const total = {
    ...scoreOf(
      agatston,
      sum(score => score.volumeMm3),
      lesions,
    ),
  };
  const vessels = VESSELS.map((vessel, index) => ({
    vessel,
    score: scores[index] ?? scoreOf(0),
    mass: { massMg: null },
  }));
  const keyImages = vessels.filter(({ score }) => score.lesions > 0).map(({ vessel }) => keyImage(vessel));
  return { vessels, total, totalMass: { massMg: null }, category: categoryOf(agatston), keyImages };
}

/** A complete report, with parts replaced. */
export function reportWith(change: Partial<CalciumReport> = {}): CalciumReport {
  return {
    patient: { name: 'Doe^Jane^Mary^Dr.', id: 'VW-123456', birthDate: '19660314', sex: 'F', age: '058Y' },
    study: {
      description: 'CT heart, calcium score',
      date: '20240520',
      time: '101530.00',
      accessionNumber: 'A2024-00123',
      instanceUid: '1.2.826.0.1.3680043.1',
      institution: 'University Hospital',
    },
    acquisition: {
      seriesDescription: 'Cardiac 3.000',
      seriesInstanceUid: '1.2.826.0.1.3680043.2',
      manufacturer: 'TOSHIBA',
      model: 'Aquilion ONE',
      kvp: '120.0',
      tubeCurrentMa: '480',
      kernel: 'FC12',
      sliceThicknessMm: '3.0',
      incrementMm: 3,
      pixelSpacingMm: [0.48828125, 0.48828125],
      slices: 47,
      gating: 'PROSPECTIVE',
    },
    ...scored([scoreOf(12.34, 20.04, 1), scoreOf(210.3, 375.8, 2), scoreOf(0), scoreOf(31.25, 68.7, 3)]),
    conventionInWords: describeConvention(DEFAULT_CONVENTION, [0.5, 0.5, 3]),
    compute: { producer: 'wasm', milliseconds: 7.34, notes: [] },
    warnings: [],
    notes: [],
    software: { name: 'Voxelwise calcium', version: '0.1.0' },
    createdAt: new Date('2024-05-20T10:30:00Z'),
    ...change,
  };
}

/** Somebody to whom every question applies. */
const EVERYBODYS_RISK: MesaInputs = {
  sex: 'female',
  ageYears: 66,
  race: 'hispanic',
  systolicMmHg: 142,
  totalCholesterolMgPerDl: 232,
  hdlCholesterolMgPerDl: 47,
  hasDiabetes: true,
  isSmoker: true,
  takesLipidMedication: true,
  takesBloodPressureMedication: true,
  hasFamilyHistory: true,
};

/** 64 characters, as many as an LO has. */
const lo = (text: string) => text.repeat(64).slice(0, 64).trim();
/** A report that says everything there is to say, with texts as long as DICOM lets them be. */
export const EVERYTHING: CalciumReport = reportWith({
  patient: {
    name: 'Montgomery-Featherstonehaugh^Alexandrina Wilhelmina^Theodora^Prof. Dr.',
    id: lo('HOSP-2026-'),
    birthDate: '19600229',
    sex: 'F',
    age: '066Y',
  },
  study: {
    description: lo('CT heart before surgery, '),
    date: '20260211',
    time: '183805',
    accessionNumber: 'A2026-0098765432',
    instanceUid: `1.2.${'9'.repeat(60)}`,
    institution: lo('University Hospital of the Holy Cross, '),
  },
  acquisition: {
    ...reportWith().acquisition,
    seriesDescription: lo('Cardiac calcium score low dose, '),
    seriesInstanceUid: `1.3.${'8'.repeat(60)}`,
    manufacturer: lo('Very Large Medical Systems, '),
    kvp: '100',
    gating: 'PROSPECTIVE',
  },
  ...scored(VESSELS.map((_, index) => scoreOf(1234.5 + index, 2345.6, 12))),
  keyImages: VESSELS.map(vessel => keyImage(vessel, ['Image 123456789012', '100 mm wide', 'W 700 L 130'])),
  conventionInWords: [
    ...conventionInWords(
      { ...DEFAULT_CONVENTION, thresholdHu: 100, volumeMethod: 'isotropic' },
      [0.4883, 0.4883, 2.9999],
      { kvp: 100 },
      measuredCalibration({
        insertMeanHu: 271.4,
        waterMeanHu: 3.1,
        densityMgPerCm3: 200,
        date: '2026-02-11',
        text: 'insert of the phantom, 120 kV, every month',
      }),
    ),
    `Vessels: those of the segmentation 2.25.${'7'.repeat(38)}`,
  ],
  compute: { producer: 'wasm', milliseconds: 231.4, notes: ['webgl2 was given up: the context was lost'] },
  person: {
    percentile: percentileOf(HOFF_2001, { sex: 'female', ageYears: 66 }, 4942),
    mesa: assessMesaRisk(EVERYBODYS_RISK, 4942),
    mesaInputs: EVERYBODYS_RISK,
  },
  warnings: [
    'Images made from other images (ImageType DERIVED\\SECONDARY\\MPR): that smooths peaks and edges, so score the original slices where there are any.',
    'Contrast agent recorded (Iomeprol 400): calcium scores are defined on non-contrast scans.',
    'Tube voltage 100 kV: the thresholds hold at 120 kV, scores at other voltages are not comparable; thresholds by tube voltage would be 145, 222, 334, 446 HU.',
    'Slices 2.5 mm thick and 3 mm apart: calcium between them is not seen.',
    'Threshold 100 HU instead of 130, with weights from 130, 200, 300, 400 HU as ever: not a standard Agatston score.',
    'ECG gating not recorded: without it motion blurs calcium, and the score is less repeatable.',
    ...VESSELS.map(
      vessel =>
        `A lesion assigned to ${vessel} measures 4321 mm³, more than coronary calcium does: it is bone, or has merged with other tissue at this threshold.`,
    ),
  ],
  notes: VESSELS.map(
    vessel =>
      `Of 1443 voxels that the segment "${vessel}" gives to ${vessel}, 1155 below 100 HU and 45 in components under the smallest size are not scored.`,
  ),
});

/** Text of a PDF in reading order; pages end in a form feed. */
export function textOf(pdf: Uint8Array): string {
  return execFileSync('pdftotext', ['-raw', '-enc', 'UTF-8', '-', '-'], { input: pdf, encoding: 'utf8' });
}

/** A rectangle on the page in points from its upper left corner. */
export interface Box {
  readonly what: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface PageLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
}

/** Every word and every picture of every page, with where it stands. */
export function layoutOf(pdf: Uint8Array): PageLayout[] {
  const words = execFileSync('pdftotext', ['-bbox', '-', '-'], { input: pdf, encoding: 'utf8' });
  const pictures = picturesOf(pdf);
  return elements(words, 'page').map(({ attributes, content }, index) => ({
    width: Number(attributes.width),
    height: Number(attributes.height),
    boxes: [
      ...elements(content, 'word').map(({ attributes: { xMin, yMin, xMax, yMax }, content: what }) => ({
        what,
        left: Number(xMin),
        top: Number(yMin),
        right: Number(xMax),
        bottom: Number(yMax),
      })),
      ...(pictures[index] ?? []),
    ],
  }));
}

function picturesOf(pdf: Uint8Array): Box[][] {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxelwise-report-'));
  try {
    const file = path.join(folder, 'report.pdf');
    writeFileSync(file, pdf);
    // 72 dots per inch: pixels are points.
    execFileSync('pdftohtml', ['-xml', '-q', '-zoom', '1', file, path.join(folder, 'report')]);
    const xml = readFileSync(path.join(folder, 'report.xml'), 'utf8');
    return elements(xml, 'page').map(({ content }) =>
      [...content.matchAll(/<image top="(\d+)" left="(\d+)" width="(\d+)" height="(\d+)"/g)].map(match => {
        const [top = 0, left = 0, width = 0, height = 0] = match.slice(1).map(Number);
        return { what: 'picture', left, top, right: left + width, bottom: top + height };
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function elements(xml: string, name: string): { attributes: Record<string, string>; content: string }[] {
  return [...xml.matchAll(new RegExp(`<${name}\\s([^>]*)>(.*?)</${name}>`, 'gs'))].map(
    ([, head = '', content = '']) => ({
      attributes: Object.fromEntries([...head.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
      content,
    }),
  );
}

/** Pairs of boxes that share more than a hair. */
export function overlaps({ boxes }: PageLayout, tolerance = 1): string[] {
  const found: string[] = [];
  boxes.forEach((a, index) => {
    for (const b of boxes.slice(index + 1)) {
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (width > tolerance && height > tolerance)
        found.push(`"${a.what}" and "${b.what}" share ${width} x ${height} pt`);
    }
  });
  return found;
}

/** Boxes that do not keep this distance in points from the page's edges. */
export function outside({ width, height, boxes }: PageLayout, marginPt = 20): Box[] {
  return boxes.filter(
    ({ left, top, right, bottom }) =>
      left < marginPt || top < marginPt || right > width - marginPt || bottom > height - marginPt,
  );
}
