import { PAYLOADS } from '@voxelwise/contract';
import fc from 'fast-check';
import { agreementOf } from './agreement.ts';
import type { Content } from './content.ts';
import {
  calcium,
  calciumTotal,
  contentsOfOneKind,
  type Finding,
  finding,
  mammography,
  perfusion,
  segmentation,
} from './contents.test-support.ts';
import { known } from './known-agreement.ts';

/** A table as compareMasks makes one: depends on the two digests, whichever comes first. */
const diceOf = (one: string, other: string) => known(one === other ? 1 : 0.5);
const value = (a: Content, b: Content) => agreementOf(a, b, diceOf).value;

describe('for every kind', () => {
  test('contents of the tests are those of the contract', () => {
    fc.assert(
      fc.property(contentsOfOneKind(1), ([content]) => {
        expect(PAYLOADS[content!.kind].safeParse(content!.payload).error).toBeUndefined();
      }),
    );
  });

  test('the agreement is the same both ways around, and between 0 and 1 where it is known', () => {
    let knownOnes = 0;
    fc.assert(
      fc.property(contentsOfOneKind(2), ([a, b]) => {
        const agreement = agreementOf(a!, b!, diceOf);
        expect(agreementOf(b!, a!, diceOf)).toEqual(agreement);
        if (agreement.value === null) return;
        knownOnes++;
        expect(agreement.value).toBeGreaterThanOrEqual(0);
        expect(agreement.value).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
    expect(knownOnes).toBeGreaterThan(500);
  });

  test('a content agrees with itself by exactly 1, where the agreement is known', () => {
    fc.assert(
      fc.property(contentsOfOneKind(1), ([content]) => {
        expect([1, null]).toContain(agreementOf(content!, structuredClone(content!), diceOf).value);
      }),
      { numRuns: 500 },
    );
  });

  test('two kinds are never compared', () => {
    expect(() => agreementOf(calciumTotal(1), perfusion(1, 1))).toThrow(
      'calcium cannot be compared with one of the kind',
    );
  });
});

describe('calcium', () => {
  test('is the sum of the smaller scores of the vessels by that of the larger', () => {
    // (100 + 0 + 50) / (120 + 30 + 50)
    expect(value(calcium({ LAD: 100, RCA: 50 }), calcium({ LAD: 120, LCX: 30, RCA: 50 }))).toBeCloseTo(150 / 200, 15);
  });

  test('tells apart the same total in other vessels', () => {
    expect(value(calcium({ LAD: 100 }), calcium({ RCA: 100 }))).toBe(0);
  });

  test('compares the totals where one of the two names no vessels', () => {
    expect(value(calciumTotal(80), calcium({ LAD: 60, RCA: 40 }))).toBe(0.8);
  });

  test('two scans without calcium agree; a score and no calcium do not', () => {
    expect(value(calcium({ LAD: 0 }), calciumTotal(0))).toBe(1);
    expect(value(calciumTotal(0), calciumTotal(3))).toBe(0);
  });

  test('stays between 0 and 1 for the largest numbers there are', () => {
    const huge = calcium({ LM: 8e307, LAD: 8e307 });
    expect(value(huge, structuredClone(huge))).toBe(1);
    expect(value(huge, calcium({ LM: 8e307 }))).toBe(0.5);
  });
});

describe('perfusion', () => {
  test('is the sum of the smaller volumes by that of the larger', () => {
    expect(value(perfusion(20, 100), perfusion(30, 90))).toBeCloseTo(110 / 130, 15);
  });

  test('leaves out a volume that neither has', () => {
    expect(value(perfusion(null, 100), perfusion(null, 80))).toBe(0.8);
  });

  test('is not known where one alone has a volume, or neither any', () => {
    expect(agreementOf(perfusion(10, 100), perfusion(null, 100))).toEqual({ value: null, unknown: 'measured-by-one' });
    expect(agreementOf(perfusion(null, null), perfusion(null, null))).toEqual({
      value: null,
      unknown: 'nothing-measured',
    });
  });
});

describe('mammography', () => {
  const first = finding(0, 0, 10, 10);
  const second = finding(50, 50, 60, 60);

  test('is F1 of the marks: two found, one missed, one too many', () => {
    const third = finding(80, 80, 90, 90);
    // TP 2, FP 1, FN 1
    expect(value(mammography([first, second, third]), mammography([first, second, finding(20, 0, 30, 10)]))).toBe(
      4 / 6,
    );
  });

  test('two images without marks agree', () => {
    expect(value(mammography([]), mammography([]))).toBe(1);
    expect(value(mammography([first]), mammography([]))).toBe(0);
  });

  test('an intersection over union of exactly one half is the same finding, less is not', () => {
    expect(value(mammography([first]), mammography([finding(0, 0, 10, 5)]))).toBe(1);
    expect(value(mammography([first]), mammography([finding(0, 0, 10, 4.999)]))).toBe(0);
  });

  test('the same place in another image, or another type of finding, is not the same', () => {
    expect(value(mammography([first]), mammography([{ ...first, sopInstanceUid: '1.2.4' }]))).toBe(0);
    expect(value(mammography([first]), mammography([{ ...first, type: 'calcification' }]))).toBe(0);
  });

  test('a mark pairs with one other mark only', () => {
    expect(value(mammography([first]), mammography([first, first]))).toBe(2 / 3);
  });

  test('a better overlap does not take away the only partner of another mark', () => {
    // The wide mark fits both; the low one fits the wide mark alone. Choosing by overlap would leave one pair.
    const wide = finding(0, 0, 10, 10);
    const low = finding(0, 0, 10, 6);
    const high = finding(0, 1, 10, 13);
    expect(value(mammography([wide, high]), mammography([wide, low]))).toBe(1);
  });

  test('there are as many pairs as any choice of partners can make', () => {
    const marks = fc.array(
      fc
        .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 2, max: 5 }))
        .map(([at, size]) => finding(at, 0, at + size, 4)),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(marks, marks, (a, b) => {
        const most = mostPairs(a, b);
        expect(value(mammography(a), mammography(b))).toBe(
          a.length + b.length === 0 ? 1 : (2 * most) / (a.length + b.length),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('what both state of density and category counts by the share that is equal; what one alone states does not count', () => {
    const a = mammography([first], { density: 'b', suggestedBiRads: '4A' });
    expect(value(a, mammography([first], { density: 'b', suggestedBiRads: '4A' }))).toBe(1);
    expect(value(a, mammography([first], { density: 'c', suggestedBiRads: '4A' }))).toBe(0.5);
    expect(value(a, mammography([first], { density: 'c', suggestedBiRads: '5' }))).toBe(0);
    expect(value(a, mammography([first]))).toBe(1);
  });
});

describe('segmentation', () => {
  const a = 'a'.repeat(64);
  const b = 'b'.repeat(64);

  test('is the mean Dice of the segments; one that the other lacks counts 0', () => {
    expect(value(segmentation({ 1: a, 2: b }), segmentation({ 1: a, 2: b }))).toBe(1);
    expect(value(segmentation({ 1: a, 2: b }), segmentation({ 1: a, 2: a }))).toBe(0.75);
    expect(value(segmentation({ 1: a, 2: b }), segmentation({ 1: a }))).toBe(0.5);
  });

  test('a segment that changed its code is another segment', () => {
    const renamed = structuredClone(segmentation({ 1: a }));
    if (renamed.kind === 'segmentation') renamed.payload.segments[0]!.code.value = 'T-9';
    expect(value(segmentation({ 1: a }), renamed)).toBe(0);
  });

  test('is not known where a mask is missing, of another format, or was not compared', () => {
    const missing = { value: null, unknown: 'masks-missing' };
    expect(agreementOf(segmentation({ 1: a }), segmentation({ 1: null }), diceOf)).toEqual(missing);
    expect(agreementOf(segmentation({ 1: a }), segmentation({ 1: b }))).toEqual(missing);
    const dicom = segmentation({ 1: a });
    const other = {
      ...dicom,
      objects: dicom.objects.map(object => ({ ...object, mediaType: 'application/dicom' })),
    } as Content;
    expect(agreementOf(other, other, diceOf)).toEqual(missing);
  });

  test('empty segments need no mask', () => {
    const empty = structuredClone(segmentation({ 1: null }));
    if (empty.kind === 'segmentation') empty.payload.segments[0]!.voxels = 0;
    expect(value(empty, segmentation({}))).toBe(1);
    expect(value(empty, segmentation({ 1: a }))).toBe(0);
  });
});

/** By trying every choice: an oracle for few marks. */
function mostPairs(a: readonly Finding[], b: readonly Finding[]): number {
  const [one, ...rest] = a;
  if (!one) return 0;
  const without = mostPairs(rest, b);
  const partners = b.filter(other => iou(one, other) >= 0.5);
  const best = partners.map(
    partner =>
      1 +
      mostPairs(
        rest,
        b.filter(other => other !== partner),
      ),
  );
  return Math.max(without, ...best);
}

/** By counting pixels; the boxes of the test have whole corners. */
function iou(one: Finding, other: Finding): number {
  const pixels = ({ box }: Finding) => {
    const found = new Set<string>();
    for (let x = box.left; x < box.right; x++) for (let y = box.top; y < box.bottom; y++) found.add(`${x},${y}`);
    return found;
  };
  const [inOne, inOther] = [pixels(one), pixels(other)];
  const inBoth = [...inOne].filter(pixel => inOther.has(pixel)).length;
  return inBoth / (inOne.size + inOther.size - inBoth);
}
