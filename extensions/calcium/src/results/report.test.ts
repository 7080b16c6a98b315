import { assessMesaRisk, HOFF_2001, LOW_SCORE_NOTE, type MesaInputs, percentileOf, VESSELS } from '../core/index.ts';
import { describeWithPoppler, keyImage, layoutOf, reportWith, scored, scoreOf, textOf } from './report.test-support.ts';
import type { CalciumReport } from './report.ts';
import { renderCalciumReport, reportFileName } from './report.ts';

const NOTHING = { name: '', id: '', birthDate: '', sex: '', age: '' };

async function textOfReport(change: Partial<CalciumReport> = {}): Promise<string> {
  return textOf(await renderCalciumReport(reportWith(change)));
}

describeWithPoppler('text of the report', () => {
  test('says who was scanned, when and where', async () => {
    const text = await textOfReport();
    expect(text).toContain('Doe, Dr. Jane Mary');
    expect(text).toContain('Patient ID VW-123456');
    expect(text).toContain('Born 1966-03-14 (58 y)');
    expect(text).toContain('Sex female');
    expect(text).toContain('Study of 2024-05-20');
    expect(text).toContain('Performed 2024-05-20 10:15');
    expect(text).toContain('Accession no. A2024-00123');
    expect(text).toContain('University Hospital');
  });

  test('says how the scan was made', async () => {
    const text = await textOfReport();
    expect(text).toContain('Series Cardiac 3.000');
    expect(text).toContain('Scanner TOSHIBA Aquilion ONE');
    expect(text).toContain('Tube 120 kV, 480 mA');
    expect(text).toContain('Kernel FC12');
    expect(text).toContain('Slices 47, every 3 mm, 3 mm thick');
    expect(text).toContain('Pixel 0.488 × 0.488 mm');
    expect(text).toContain('Gating PROSPECTIVE');
  });

  test('has the score per vessel and in total, and the category', async () => {
    const text = await textOfReport();
    expect(text).toContain('Vessel Lesions Agatston Volume (mm³) Mass (mg)');
    expect(text).toContain('LM 1 12.3 20.0 n/a');
    expect(text).toContain('LAD 2 210.3 375.8 n/a');
    expect(text).toContain('LCX 0 0 0 n/a');
    expect(text).toContain('RCA 3 31.3 68.7 n/a');
    expect(text).toContain('Total 6 253.9 464.5 n/a');
    expect(text).toContain('254 Moderate');
    expect(text).toContain('Category (100, 400]');
    expect(text).toContain('Calcium in 3 of 4 vessels, left main included');
  });

  test('has the convention, the computation and the identifiers of what was scored', async () => {
    const text = await textOfReport({ compute: { producer: 'typescript', milliseconds: 231.4, notes: ['no SIMD'] } });
    for (const words of reportWith().conventionInWords) expect(text.replace(/\s+/g, ' ')).toContain(words);
    expect(text).toContain('Computed by typescript in 231 ms; no SIMD');
    expect(text).toContain('Series 1.2.826.0.1.3680043.2');
    expect(text).toContain('Study 1.2.826.0.1.3680043.1');
  });

  test('warns, says that it is not for diagnostic use, and which version made it', async () => {
    const text = await textOfReport({ warnings: ['Tube voltage 100 kV.', 'Threshold 90 HU instead of 130.'] });
    expect(text).toContain('Tube voltage 100 kV.');
    expect(text).toContain('Threshold 90 HU instead of 130.');
    expect(text).toContain('Not for diagnostic use');
    expect(text).toContain('Voxelwise calcium 0.1.0, created 2024-05-20 10:30 UTC');
  });

  test('has every warning, however many there are', async () => {
    const warnings = Array.from({ length: 40 }, (_, i) => `Warning number ${i + 1} of many.`);
    const text = await textOfReport({ warnings });
    for (const warning of warnings) expect(text).toContain(warning);
  });

  test('names every key image by its vessel, and no other vessel', async () => {
    const pdf = await renderCalciumReport(reportWith());
    const [page] = layoutOf(pdf);
    expect(page?.boxes.filter(({ what }) => what === 'picture')).toHaveLength(3);
    expect(textOf(pdf).match(/^(LM|LAD|LCX|RCA)$/gm)).toEqual(['LM', 'LAD', 'RCA']);
  });

  test.each([1, 2, 3, 4])('prints the whole caption of each of %d key images', async count => {
    const caption = ['Slice 123 of 256', '100 mm wide', 'W 700 L 130'];
    const keyImages = VESSELS.slice(0, count).map(vessel => keyImage(vessel, caption));
    for (const paper of ['a4', 'letter'] as const) {
      const text = textOf(await renderCalciumReport(reportWith({ keyImages }), { paper }));
      for (const part of caption) expect(text.split(part)).toHaveLength(count + 1);
    }
  });

  test('a score of 0 is stated, without key images', async () => {
    const pdf = await renderCalciumReport(reportWith(scored([])));
    const text = textOf(pdf);
    expect(text).toContain('0 No calcium');
    expect(text).toMatch(/^No coronary calcium$/m);
    expect(text).toContain('Category 0');
    expect(text).toContain('There are no key images.');
    expect(text).toContain('Total 0 0 0');
    expect(layoutOf(pdf)[0]?.boxes.filter(({ what }) => what === 'picture')).toEqual([]);
  });

  test('lesions that weigh nothing are not called absent', async () => {
    const text = await textOfReport({ ...scored([{ ...scoreOf(0, 12.5), lesions: 1, lesionSlices: 1 }]) });
    expect(text).toContain('No scored calcium in the 4 vessels');
    expect(text).not.toContain('No coronary calcium');
    expect(text).toContain('LM 1 0 12.5');
  });
});

describeWithPoppler('interpretation', () => {
  const person = { sex: 'male', ageYears: 65 } as const;
  const inputs: MesaInputs = {
    ...person,
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
  const personOf = (agatston: number, mesaInputs: MesaInputs | null) => ({
    percentile: percentileOf(HOFF_2001, person, agatston),
    mesa: assessMesaRisk(mesaInputs ?? { ageYears: 65 }, agatston),
    mesaInputs,
  });

  test('says how much low scores vary, and of others nothing', async () => {
    const saysSo = async (agatston: number) =>
      oneSpace(await textOfReport(scored([scoreOf(agatston)]))).includes(LOW_SCORE_NOTE);
    expect(await Promise.all([0.667, 99.9, 100, 0].map(saysSo))).toEqual([true, true, false, false]);
  });

  test('by the score alone: CAC-DRS and arterial age', async () => {
    const text = oneSpace(await textOfReport());
    expect(text).toContain('CAC-DRS A2/N3');
    expect(text).toContain('Arterial age 79.3 years: 39.1 + 7.25 ln(score + 1)');
    expect(text).not.toMatch(/Percentile|10-year/);
  });

  test('a score over 1000 is flagged, a score of 0 has no N, and the arterial age of one', async () => {
    expect(await textOfReport(scored([scoreOf(1000.5)]))).toContain('very high, above 1000');
    const zero = await textOfReport(scored([]));
    expect(zero).toContain('CAC-DRS A0');
    expect(zero).not.toMatch(/A0\/N/);
    expect(oneSpace(zero)).toContain('Arterial age 39.1 years');
  });

  test('percentile bracket with its source and population, and the risk with everything it was computed from', async () => {
    const text = oneSpace(await textOfReport({ person: personOf(253.89, inputs) }));
    expect(text).toContain(
      'between the 50th (180) and 75th (566) reference score. Of male, 65 to 69 years. Hoff 2001:',
    );
    expect(text).toContain('to be verified');
    const mesa = assessMesaRisk(inputs, 253.89);
    if (mesa.kind !== 'risk') throw new Error('no risk');
    expect(text).toContain(
      `${mesa.withCacPercent?.toFixed(1)} % with the calcium score, ${mesa.withoutCacPercent.toFixed(1)} % without it`,
    );
    expect(text).toContain('65 years, male, white, systolic 140 mmHg, cholesterol 210, HDL 45 mg/dL, current smoker');
  });

  test('a risk that lacks an input is not printed; a percentile that the table refuses says why', async () => {
    const percentile = percentileOf(HOFF_2001, { sex: 'male', ageYears: 12 }, 5);
    const text = oneSpace(await textOfReport({ person: { ...personOf(5, null), percentile } }));
    expect(text).not.toContain('10-year CHD risk');
    expect(text).toMatch(/Percentile not given\. .*12/);
  });

  test('mass per vessel and in total, two decimals below 1 mg', async () => {
    const part = scored([scoreOf(12.34, 20.04), scoreOf(210.3, 375.8)]);
    const vessels = part.vessels.map((row, i) => ({ ...row, mass: { massMg: [0.456, 61.27, 0, 0][i] ?? null } }));
    const text = await textOfReport({ ...part, vessels, totalMass: { massMg: 61.726 } });
    expect(text).toContain('LM 1 12.3 20.0 0.46');
    expect(text).toContain('LAD 1 210.3 375.8 61.3');
    expect(text).toContain('RCA 0 0 0 0');
    expect(text).toContain('Total 2 222.6 395.8 61.7');
  });
});

describeWithPoppler('missing data', () => {
  const empty = reportWith({
    patient: NOTHING,
    study: { description: '', date: '', time: '', accessionNumber: '', instanceUid: '', institution: '' },
    acquisition: {
      seriesDescription: '',
      seriesInstanceUid: '',
      manufacturer: '',
      model: '',
      kvp: '',
      tubeCurrentMa: '',
      kernel: '',
      sliceThicknessMm: '',
      incrementMm: 3,
      pixelSpacingMm: [0.5, 0.5],
      slices: 12,
      gating: '',
    },
  });

  test('leaves no empty label and no placeholder of the program', async () => {
    const text = textOf(await renderCalciumReport(empty));
    expect(text).not.toMatch(/NaN|undefined|null|Invalid/);
    expect(text).not.toMatch(/Born|Age|Sex|Performed|Accession|Scanner|Tube|Kernel|Gating|Series|thick/);
    expect(text).not.toMatch(/^Study$|^Study\s*[–-]?$/m);
    expect(text).toContain('Slices 12, every 3 mm');
  });

  test('says when name, number or date of the study are missing', async () => {
    const text = textOf(await renderCalciumReport(empty));
    expect(text).toContain('Name not given');
    expect(text).toContain('Patient ID not given');
    expect(text).toContain('Study date not given');
  });

  test('an age without a birth date is called age', async () => {
    const text = await textOfReport({ patient: { ...NOTHING, id: '1', age: '058Y' } });
    expect(text).toContain('Age 58 y');
    expect(text).not.toContain('Born');
  });

  test('a birth date without an age stands alone', async () => {
    const text = await textOfReport({ patient: { ...NOTHING, birthDate: '19660314' } });
    expect(text).toMatch(/^Born 1966-03-14$/m);
  });
});

describeWithPoppler('names', () => {
  test.each([
    ['with accents', 'Müßig^René^^Dr.', 'Müßig, Dr. René'],
    ['with letters that the font has no accents for', 'Dvořák^Łukasz', 'Dvorák, Lukasz'],
    ['in Japanese with a Latin spelling', 'Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou'],
    ['in Greek', 'Παπαδόπουλος^Νίκος', 'Name not printable in this font, see patient ID'],
    ['in Cyrillic', 'Иванов^Иван', 'Name not printable in this font, see patient ID'],
    ['in Japanese', '山田^太郎', 'Name not printable in this font, see patient ID'],
    ['with letters that could not be decoded', 'M\ufffdller^J\ufffdrg', 'Name not readable, see patient ID'],
    ['that could not be decoded at all', '\ufffd', 'Name not readable, see patient ID'],
    ['of which one spelling could be decoded', 'Yamada^Tarou=\ufffd', 'Yamada, Tarou'],
  ])('%s', async (_, name, expected) => {
    const text = await textOfReport({ patient: { ...NOTHING, id: 'P-1', name } });
    expect(text).toContain(expected);
    expect(text).toContain('P-1');
    // What jsPDF makes of characters that a font lacks: two of Latin 1 for one, often control characters.
    expect(text).not.toMatch(/[\u00c3\u00ce\u00cf\u00d0\u00d1\ufffd]|[^\n\f\P{Cc}]/u);
  });

  test('other texts in other scripts are marked, never garbled', async () => {
    const { study } = reportWith();
    const text = await textOfReport({ study: { ...study, description: 'CT 心臓 score', institution: 'Клиника' } });
    expect(text).toContain('Study CT ? score');
    expect(text).toContain('(not printable in this font)');
  });
});

const oneSpace = (text: string) => text.replace(/\s+/g, ' ');

describe('the file', () => {
  test('is the same, byte by byte, for the same report', async () => {
    const [first, second] = [await renderCalciumReport(reportWith()), await renderCalciumReport(reportWith())];
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true);
  });

  test('differs for another moment, series or paper', async () => {
    const report = reportWith();
    const files = await Promise.all([
      renderCalciumReport(report),
      renderCalciumReport({ ...report, createdAt: new Date('2024-05-20T10:30:00.001Z') }),
      renderCalciumReport({ ...report, acquisition: { ...report.acquisition, seriesInstanceUid: '1.2.3' } }),
      renderCalciumReport(report, { paper: 'letter' }),
    ]);
    expect(new Set(files.map(file => Buffer.from(file).toString('latin1'))).size).toBe(4);
  });

  test('can be made after 2037', async () => {
    const pdf = await renderCalciumReport(reportWith({ createdAt: new Date('2041-01-02T03:04:05Z') }));
    expect(Buffer.from(pdf).toString('latin1')).toContain('/CreationDate (D:2041');
  });

  test.each([
    ['VW-123456', '20240520', 'calcium-VW-123456-2024-05-20.pdf'],
    ['../../etc/passwd', '20240520', 'calcium-etc-passwd-2024-05-20.pdf'],
    ['a\\b:c*d?"<>|\0e', '', 'calcium-a-b-c-d-e.pdf'],
    ['Müller Ñandú', '20240520', 'calcium-Muller-Nandu-2024-05-20.pdf'],
    ['山田', '', 'calcium.pdf'],
    ['', '', 'calcium.pdf'],
    ['..hidden..', '2024 05', 'calcium-hidden-2024-05.pdf'],
    ['9'.repeat(400), '20240520', `calcium-${'9'.repeat(64)}-2024-05-20.pdf`],
  ])('has a safe name for patient "%s"', (id, date, expected) => {
    const { patient, study } = reportWith();
    expect(reportFileName({ patient: { ...patient, id }, study: { ...study, date } })).toBe(expected);
  });
});
