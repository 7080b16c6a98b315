import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { assessMesaRisk, HOFF_2001, type MesaInputs, percentileOf } from '../core/index.ts';
import {
  fromPng,
  halved,
  otherPictureOf,
  type Picture,
  pictureOf,
  toKeptPng,
  VISIBLE_DIFFERENCE,
  worstDifference,
} from './picture.test-support.ts';
import { describeWithPoppler, reportWith, scored, scoreOf } from './report.test-support.ts';
import { type CalciumReport, renderCalciumReport } from './report.ts';

/**
 * The rendered page beside a kept picture of it, which somebody has looked at. `UPDATE_PICTURES=1 npm run test:unit -- report-picture`
 * writes the pictures anew.
 */

jest.setTimeout(120_000);

const INPUTS: MesaInputs = {
  sex: 'male',
  ageYears: 65,
  race: 'white',
  systolicMmHg: 140,
  totalCholesterolMgPerDl: 210,
  hdlCholesterolMgPerDl: 45,
  hasDiabetes: false,
  isSmoker: true,
  takesLipidMedication: false,
  takesBloodPressureMedication: false,
  hasFamilyHistory: false,
};

const REPORT = reportWith({
  person: {
    percentile: percentileOf(HOFF_2001, INPUTS, 253.89),
    mesa: assessMesaRisk(INPUTS, 253.89),
    mesaInputs: INPUTS,
  },
  warnings: ['The tube voltage is 100 kV, not 120: the score cannot be compared with reference values.'],
});

const fileOf = (paper: 'a4' | 'letter') => path.join(__dirname, `report-picture.${paper}.png`);
const keptPicture = (paper: 'a4' | 'letter'): Picture => fromPng(readFileSync(fileOf(paper)));

/** The report with one text replaced wherever it stands; it must stand somewhere. */
function withText(from: string, to: string): CalciumReport {
  let count = 0;
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'string') {
      count += value.split(from).length - 1;
      return value.replaceAll(from, to);
    }
    if (Array.isArray(value)) return value.map(replaced);
    if (value === null || typeof value !== 'object' || value instanceof Date || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one)]));
  };
  const report = replaced(REPORT) as CalciumReport;
  if (count === 0) throw new Error(`the report does not say "${from}"`);
  return report;
}

const withVessel = (index: number, change: object, massMg: number | null = null): CalciumReport => ({
  ...REPORT,
  vessels: REPORT.vessels.map((row, at) =>
    at === index ? { ...row, score: { ...row.score, ...change }, mass: { massMg } } : row,
  ),
});

describeWithPoppler('the rendered page', () => {
  test.each(['a4', 'letter'] as const)('looks like the kept picture: %s', async paper => {
    const picture = pictureOf(await renderCalciumReport(REPORT, { paper }));
    if (process.env.UPDATE_PICTURES) writeFileSync(fileOf(paper), toKeptPng(picture));
    const { value, placeMm } = worstDifference(picture, keptPicture(paper));
    if (value >= VISIBLE_DIFFERENCE) throw new Error(`The page differs by ${value} around ${placeMm.join(', ')} mm.`);
  });

  test('looks like it however its edges are smoothed', async () => {
    const pdf = await renderCalciumReport(REPORT);
    const kept = keptPicture('a4');
    for (const picture of [otherPictureOf(pdf), halved(pictureOf(pdf, 600))]) {
      expect(worstDifference(picture, kept).value).toBeLessThan(VISIBLE_DIFFERENCE * 0.8);
    }
  });

  describe('does not look like it with another', () => {
    const kept = keptPicture('a4');
    const { patient, acquisition, total } = REPORT;
    const scores = REPORT.vessels.map(({ score }) => score);
    const timesAll = (factor: number) =>
      scored(scores.map(score => scoreOf(score.agatston * factor, score.volumeMm3 * factor, score.lesions)));

    test.each<[string, CalciumReport]>([
      ['patient', { ...REPORT, patient: { ...patient, name: 'Roe^Jane^Mary^Dr.' } }],
      ['letter of the name', { ...REPORT, patient: { ...patient, name: 'Doe^Jana^Mary^Dr.' } }],
      ['digit of the patient ID', withText('VW-123456', 'VW-123458')],
      ['digit of the date of birth', withText('19660314', '19680314')],
      ['sex', { ...REPORT, patient: { ...patient, sex: 'M' } }],
      ['digit of the study date', withText('20240520', '20240526')],
      ['digit of the accession number', withText('A2024-00123', 'A2024-00128')],
      ['tube voltage', withText('120.0', '100.0')],
      ['increment', { ...REPORT, acquisition: { ...acquisition, incrementMm: 8 } }],
      ['pixel spacing', { ...REPORT, acquisition: { ...acquisition, pixelSpacingMm: [0.486, 0.488] } }],
      ['scores: all of them x 1.9', { ...REPORT, ...timesAll(1.9) }],
      ['scores: all of them x 1.01', { ...REPORT, ...timesAll(1.01) }],
      [
        'score of two vessels',
        {
          ...REPORT,
          ...scored([scoreOf(12.34, 20.04, 1), scoreOf(210.3, 375.8, 2), scoreOf(0), scoreOf(31.35, 68.7, 3)]),
        },
      ],
      ['number of lesions', withVessel(3, { lesions: 8 })],
      ['volume', withVessel(1, { volumeMm3: 375.9 })],
      ['mass', withVessel(2, {}, 0)],
      ['total volume', { ...REPORT, total: { ...total, volumeMm3: 464.6 } }],
      ['category', { ...REPORT, category: { ...REPORT.category, id: 'mild' } }],
      ['digit of a caption', withText('W 700 L 130', 'W 700 L 180')],
      ['digit of a reference score', withText('75th (566)', '75th (568)')],
      ['digit of the source', withText('1335-1339', '1335-1338')],
      [
        'risk',
        { ...REPORT, person: { ...REPORT.person!, mesa: assessMesaRisk({ ...INPUTS, systolicMmHg: 148 }, 253.89) } },
      ],
      [
        'digit of what was entered',
        { ...REPORT, person: { ...REPORT.person!, mesaInputs: { ...INPUTS, hdlCholesterolMgPerDl: 46 } } },
      ],
      ['digit of a warning', withText('is 100 kV', 'is 160 kV')],
      ['threshold', withText('HU >= 130', 'HU >= 180')],
      ['weight', withText('2 from 200', '2 from 208')],
      ['digit of the series', withText('1.2.826.0.1.3680043.2', '1.2.826.0.1.3880043.2')],
      ['digit of the study', withText('1.2.826.0.1.3680043.1', '1.2.836.0.1.3680043.1')],
      ['version', withText('0.1.0', '0.1.8')],
      ['minute', { ...REPORT, createdAt: new Date('2024-05-20T10:36:00Z') }],
    ])('%s', async (_, report) => {
      const picture = pictureOf(await renderCalciumReport(report));
      expect(worstDifference(picture, kept).value).toBeGreaterThan(VISIBLE_DIFFERENCE * 1.2);
    });

    test('line, or one less', async () => {
      const picture = pictureOf(await renderCalciumReport({ ...REPORT, warnings: [] }));
      expect(worstDifference(picture, kept).value).toBeGreaterThan(VISIBLE_DIFFERENCE * 1.2);
    });
  });
});
