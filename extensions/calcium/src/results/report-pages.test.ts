import { printable } from '@voxelwise/dicom';
import { conventionInWords, DEFAULT_CONVENTION, VESSELS } from '../core/index.ts';
import {
  describeWithPoppler,
  EVERYTHING,
  keyImage,
  layoutOf,
  outside,
  overlaps,
  type PageLayout,
  reportWith,
  scored,
  scoreOf,
  textOf,
} from './report.test-support.ts';
import { renderCalciumReport } from './report.ts';

describeWithPoppler('pages', () => {
  const PAPERS = ['a4', 'letter'] as const;
  /** Points of 38 mm, less what is rounded. */
  const SMALLEST_PICTURE_PT = (38 / 25.4) * 72 - 2;
  const picturesOf = (page: PageLayout) => page.boxes.filter(({ what }) => what === 'picture');
  const dense = (text: string) => text.replace(/\s+/g, '');

  /** Expects pages of this paper on which nothing overlaps, leaves the page, or lacks head and foot. */
  function expectWellMade(pdf: Uint8Array, paper: (typeof PAPERS)[number], { name, id }: { name: string; id: string }) {
    const pages = layoutOf(pdf);
    const texts = textOf(pdf).split('\f').slice(0, -1);
    expect(texts).toHaveLength(pages.length);
    pages.forEach((page, index) => {
      expect([Math.round(page.width), Math.round(page.height)]).toEqual(paper === 'a4' ? [595, 842] : [612, 792]);
      expect(overlaps(page)).toEqual([]);
      expect(outside(page)).toEqual([]);
      expect(texts[index]).toContain('Not for diagnostic use');
      expect(texts[index]).toContain(`Page ${index + 1} of ${pages.length}`);
      expect(dense(texts[index]!)).toContain(dense(name));
      expect(dense(texts[index]!)).toContain(dense(id));
      expect(texts[index]).toContain('Coronary calcium score');
      for (const { left, right } of picturesOf(page)) expect(right - left).toBeGreaterThan(SMALLEST_PICTURE_PT);
    });
    expect(texts[0]).toContain('Signature');
    return { pages, texts };
  }

  test.each(PAPERS)('have everything that can be said, and cut nothing of it: %s', async paper => {
    const pdf = await renderCalciumReport(EVERYTHING, { paper });
    const name = 'Montgomery-Featherstonehaugh, Prof. Dr. Alexandrina Wilhelmina Theodora';
    const { pages, texts } = expectWellMade(pdf, paper, { name, id: EVERYTHING.patient.id });
    expect(pages).toHaveLength(2);
    const text = texts.join('\n');
    expect(text).not.toContain('…');
    const { person, acquisition, study } = EVERYTHING;
    if (person?.percentile?.kind !== 'bracket') throw new Error('no percentile');
    for (const whole of [
      ...EVERYTHING.conventionInWords.map(printable),
      ...EVERYTHING.warnings,
      ...EVERYTHING.notes,
      ...EVERYTHING.compute.notes,
      person.percentile.provenance,
      'blood pressure medication, family history of heart attack',
      acquisition.seriesInstanceUid,
      study.instanceUid,
      study.institution,
      study.description,
      acquisition.seriesDescription,
      acquisition.manufacturer,
    ]) {
      expect(dense(text)).toContain(dense(whole));
    }
    for (const part of ['Image 123456789012', '100 mm wide', 'W 700 L 130']) {
      expect(text.split(part)).toHaveLength(5);
    }
    expect(pages.flatMap(picturesOf)).toHaveLength(4);
  });

  test.each(PAPERS)('are one for a usual scan, with 0 to 4 images: %s', async paper => {
    for (let images = 0; images <= 4; images++) {
      const scores = VESSELS.map((_, index) => scoreOf(index < images ? 1234.5 : 0));
      const report = reportWith({
        ...scored(scores),
        conventionInWords: conventionInWords(DEFAULT_CONVENTION, [0.5, 0.5, 3], { kvp: 120 }, null),
        warnings: ['ECG gating not recorded: without it motion blurs calcium, and the score is less repeatable.', 'B.'],
      });
      const pdf = await renderCalciumReport(report, { paper });
      const { pages } = expectWellMade(pdf, paper, { name: 'Doe, Dr. Jane Mary', id: 'VW-123456' });
      expect(pages).toHaveLength(1);
      expect(picturesOf(pages[0]!)).toHaveLength(images);
    }
  });

  const words = 'A description of an examination that goes on and on and says little '.repeat(12);
  const unbroken = 'W'.repeat(900);

  test.each(
    PAPERS.flatMap(paper =>
      [words, unbroken].flatMap(long => [0, 4].map(images => ({ paper, long, images, kind: long.slice(0, 5) }))),
    ),
  )('hold texts without end: $paper, $kind, $images images', async ({ paper, long, images }) => {
    const report = reportWith({
      patient: { name: `${long}^${long}^${long}^${long}^${long}`, id: long, birthDate: long, sex: long, age: long },
      study: {
        description: long,
        date: long,
        time: long,
        accessionNumber: long,
        instanceUid: long,
        institution: long,
      },
      acquisition: {
        seriesDescription: long,
        seriesInstanceUid: long,
        manufacturer: long,
        model: long,
        kvp: long,
        tubeCurrentMa: long,
        kernel: long,
        sliceThicknessMm: long,
        incrementMm: 2.123456789,
        pixelSpacingMm: [0.123456789, 0.987654321],
        slices: 123456,
        gating: long,
      },
      ...scored(VESSELS.map(() => scoreOf(123456.789, 987654.321, 9999))),
      keyImages: VESSELS.slice(0, images).map(vessel => keyImage(vessel, [long, long, long])),
      conventionInWords: Array.from({ length: 5 }, () => long),
      compute: { producer: long, milliseconds: 1234567, notes: [long, long] },
      warnings: Array.from({ length: 8 }, () => `${long} is warned of.`),
      notes: [long],
      person: {
        percentile: { kind: 'refused', reason: `${long} is refused.` },
        mesa: { kind: 'refused', reasons: [long, long] },
        mesaInputs: null,
      },
      software: { name: long, version: long },
    });
    const pdf = await renderCalciumReport(report, { paper });
    const { pages, texts } = expectWellMade(pdf, paper, { name: long.slice(0, 9), id: long.slice(0, 9) });
    const text = dense(texts.map(page => page.replace(/Not for diagnostic use[\s\S]*?Page \d+ of \d+/g, '')).join(''));
    expect(text.split('iswarnedof.')).toHaveLength(9);
    expect(text.split('isrefused.')).toHaveLength(2);
    expect(pages.flatMap(picturesOf)).toHaveLength(images);
  });

  test('more than four images are not drawn', async () => {
    const images = [...VESSELS, ...VESSELS].map(vessel => keyImage(vessel));
    const [page] = layoutOf(await renderCalciumReport(reportWith({ keyImages: images })));
    expect(page?.boxes.filter(({ what }) => what === 'picture')).toHaveLength(4);
  });
});
