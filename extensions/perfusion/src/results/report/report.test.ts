import { noStroke, TEST_HEADERS, TEST_REGION, testResult } from '../perfusion-result.test-support.ts';
import type { PerfusionResult } from '../perfusion-result.ts';
import { countPictures, describeWithPoppler, linesOfColor, textOfPages, wordsOf } from './poppler.test-support.ts';
import { perfusionReportFileName, renderPerfusionReport } from './report.ts';
import { perfusionReportOf } from './report-of-result.ts';

const CREATED = new Date('2025-01-15T11:00:00Z');
const reportWith = (change: Partial<PerfusionResult> = {}) =>
  perfusionReportOf(testResult(change), keyword => TEST_HEADERS[keyword] ?? '', CREATED);
const textOf = async (change: Partial<PerfusionResult> = {}) =>
  textOfPages(await renderPerfusionReport(reportWith(change)))
    .join('\n')
    .replace(/\s+/g, ' ');

test('the same report is the same file, to the byte', async () => {
  expect(await renderPerfusionReport(reportWith())).toEqual(await renderPerfusionReport(reportWith()));
});

test('a file name says what it is of', () => {
  expect(perfusionReportFileName(reportWith())).toBe('perfusion-P-1-2025-01-15.pdf');
});

describeWithPoppler('the report', () => {
  test('says who was scanned, how, and that it is not for diagnostic use', async () => {
    const pages = textOfPages(await renderPerfusionReport(reportWith()));
    for (const page of pages) {
      expect(page).toContain('Not for diagnostic use');
      expect(page).toContain('Müller, Jörg');
      expect(page).toContain('P-1');
    }
    const text = pages.join(' ').replace(/\s+/g, ' ');
    expect(text).toContain('Tube 80 kV, 150 mA');
    expect(text).toContain('6, every 1.5 s');
    expect(text).toContain('Voxelwise perfusion 9.9.9, created 2025-01-15 11:00 UTC');
  });

  test('has every volume with its rule beside it', async () => {
    const text = await textOf();
    expect(text).toContain('Core 0.1 mL CBF < 30 % of the median CBF of the same tissue on the other side');
    expect(text).toContain('Hypoperfusion 0.4 mL Tmax > 6 s');
    expect(text).toContain('Mismatch 0.3 mL hypoperfusion - core');
    expect(text).toContain('Mismatch ratio 4.00 hypoperfusion / core');
    expect(text).toContain('Hypoperfusion intensity ratio 0.33 volume of Tmax > 10 s / volume of Tmax > 6 s');
    expect(text).toContain('Block-circulant SVD, truncated at 0.1 of the largest singular value.');
    expect(text).toContain('Islands below 1 mL do not count.');
  });

  test('a core of 0 is stated, and ratios that do not exist are not', async () => {
    const text = await textOf({ stroke: noStroke() });
    expect(text).toContain('Core 0.0 mL');
    expect(text).toContain('Mismatch ratio not defined: no core');
    expect(text).toContain('not defined: no hypoperfusion');
    expect(await textOf({ stroke: null })).toContain('They were not computed.');
  });

  test('has warnings, notes, regions and all that the maps rest on', async () => {
    const text = await textOf();
    expect(text).toContain('The AIF has not returned to its baseline; the bolus may be truncated.');
    expect(text).toContain('Voxels of 2 to 80 HU are brain.');
    expect(text).toContain('23.4 ± 3.3 2.30 ± 0.33');
    expect(text).toContain('Region 1, mirrored 0.05 mL 55.5 ± 7.9 3.10 ± 0.44 no value');
    expect(text).toContain('Lucy-Richardson on the block-circulant system, at most 200 iterations');
    expect(text).toContain('AIF: 3 voxels, found automatically, multiplied by 1.235');
    expect(text).toContain('by wasm in 0.81 s; WebGL2 is not available');
    const { settings } = testResult();
    const standard = await textOf({ settings: { ...settings, method: { name: 'ssvd', truncation: 0.2 } } });
    expect(standard).toContain(
      'Standard SVD, truncated at 0.2 of the largest singular value; a late bolus lowers its CBF',
    );
  });

  test('draws curves as lines, true to scale', async () => {
    const pdf = await renderPerfusionReport(reportWith());
    const [aif, ...others] = linesOfColor(pdf, [220, 38, 38]);
    expect(others).toEqual([]);
    const { values } = testResult().curves.curves[0]!;
    expect(aif).toHaveLength(values.length);
    // Equal times are equally far apart, and heights are in proportion.
    const [left, bottom] = [
      aif![0]![0],
      aif![0]![1] - (values[0]! / (values[2]! - values[0]!)) * (aif![2]![1] - aif![0]![1]),
    ];
    const [perStep, perUnit] = [aif![1]![0] - left, (aif![2]![1] - bottom) / values[2]!];
    aif!.forEach(([x, y], at) => {
      expect(x).toBeCloseTo(left + at * perStep, 1);
      expect(y).toBeCloseTo(bottom + values[at]! * perUnit, 1);
    });
    expect(perUnit).toBeGreaterThan(0);
    for (const color of [
      [37, 99, 235],
      [22, 163, 74],
      [147, 51, 234],
    ]) {
      expect(linesOfColor(pdf, color).map(({ length }) => length)).toEqual([6]);
    }
  });

  test('says which side of every picture is which of the patient', async () => {
    const letters = async (report: ReturnType<typeof reportWith>) =>
      wordsOf(await renderPerfusionReport(report))
        .flatMap(({ words }) => words)
        .filter(({ text }) => text === 'R' || text === 'L')
        .sort((a, b) => a.left - b.left)
        .map(({ text }) => text)
        .join('');
    // Two rows of three pictures.
    expect(await letters(reportWith())).toBe('RRLLRRLLRRLL');
    expect(await letters({ ...reportWith(), edges: null })).toBe('');
  });

  test('a gap in a curve is a gap in its line', async () => {
    const { curves } = testResult();
    const [aif] = curves.curves;
    const values = Float64Array.from(aif!.values).with(2, Number.NaN);
    const pdf = await renderPerfusionReport(reportWith({ curves: { ...curves, curves: [{ ...aif!, values }] } }));
    expect(linesOfColor(pdf, [220, 38, 38]).map(({ length }) => length)).toEqual([2, 3]);
  });

  test('pictures every map and the core, and one color bar for all of them', async () => {
    expect(countPictures(await renderPerfusionReport(reportWith()))).toBe(7);
    expect(countPictures(await renderPerfusionReport(reportWith({ stroke: null })))).toBe(6);
  });

  test.each(['a4', 'letter'] as const)('leaves no page, however much there is to say: %s', async paper => {
    const much = reportWith({
      warnings: Array.from({ length: 30 }, (_, index) => `Warning number ${index + 1} of many. `.repeat(8)),
      notes: Array.from({ length: 40 }, (_, index) => `Note number ${index + 1} of many.`),
      regions: Array.from({ length: 50 }, (_, index) => ({
        ...TEST_REGION,
        name: `Region ${index + 1} ${'wide '.repeat(9)}`,
      })),
    });
    const pages = wordsOf(await renderPerfusionReport(much, { paper }));
    expect(pages.length).toBeGreaterThan(3);
    for (const { width, height, words } of pages) {
      for (const { left, top, right, bottom } of words) {
        expect(left).toBeGreaterThan(30);
        expect(right).toBeLessThan(width - 30);
        expect(top).toBeGreaterThan(20);
        expect(bottom).toBeLessThan(height - 20);
      }
    }
    const text = pages.flatMap(({ words }) => words.map(word => word.text)).join(' ');
    expect(text).toContain('Warning number 30 of many.');
    expect(text).toContain('Note number 40 of many.');
    expect(text).toContain('Region 50 wide');
  });
});
