import fc from 'fast-check';
import { type Content, correctedContent } from './content.ts';
import { calcium, calciumTotal, contentsOfOneKind, segmentation } from './contents.test-support.ts';
import { foldReviews, partOfReview, type ReviewEvent } from './fold.ts';
import { known } from './known-agreement.ts';

const prediction = calciumTotal(100);
const diceOf = (one: string, other: string) => known(one === other ? 1 : 0.5);

type Part = ReviewEvent['part'];
const accept = (reader: string, part: Part): ReviewEvent => ({ reader, part, action: 'accept', correction: null });
const reject = (reader: string, part: Part): ReviewEvent => ({ reader, part, action: 'reject', correction: null });
const edit = (reader: string, part: Part, correction: Content): ReviewEvent => ({
  reader,
  part,
  action: 'edit',
  correction,
});
const fold = (...reviews: ReviewEvent[]) => foldReviews(prediction, reviews, diceOf);

describe('reads', () => {
  test('nobody has read', () => {
    expect(fold()).toEqual({
      status: 'unreviewed',
      count: 0,
      groundTruth: null,
      groundTruthLevel: null,
      agreement: null,
      parts: { first: null, second: null, adjudication: null },
      firstAction: null,
    });
  });

  test('one read is a ground truth backed by one person', () => {
    const single = { status: 'single-read', count: 1, groundTruthLevel: 'single' };
    expect(fold(accept('A', 'first'))).toMatchObject({ ...single, groundTruth: prediction.payload, agreement: 1 });
    expect(fold(reject('A', 'first'))).toMatchObject({ ...single, groundTruth: null, agreement: 0 });
    const correction = calciumTotal(80);
    expect(fold(edit('A', 'first', correction))).toMatchObject({
      ...single,
      groundTruth: correction.payload,
      agreement: 0.8,
    });
  });

  test('two that accept, or reject, agree', () => {
    const agreed = { status: 'agreed', count: 2, groundTruthLevel: 'double', parts: { first: 'A', second: 'B' } };
    expect(fold(accept('A', 'first'), accept('B', 'second'))).toMatchObject({
      ...agreed,
      groundTruth: prediction.payload,
      agreement: 1,
    });
    expect(fold(reject('A', 'first'), reject('B', 'second'))).toMatchObject({
      ...agreed,
      groundTruth: null,
      agreement: 0,
    });
  });

  test('agreement must be more than 0.85', () => {
    const [at, above] = [calciumTotal(85), calciumTotal(85.01)];
    expect(fold(accept('A', 'first'), edit('B', 'second', at)).status).toBe('disputed');
    expect(fold(accept('A', 'first'), edit('B', 'second', above))).toMatchObject({
      status: 'agreed',
      groundTruth: above.payload,
    });
  });

  test('a dispute leaves no ground truth', () => {
    expect(fold(accept('A', 'first'), reject('B', 'second'))).toMatchObject({
      status: 'disputed',
      count: 2,
      groundTruth: null,
      groundTruthLevel: null,
      agreement: null,
    });
  });

  test('of two edits that agree, the one farther from the prediction is the truth', () => {
    const [near, far] = [calciumTotal(95), calciumTotal(90)];
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      expect(fold(edit('A', 'first', one), edit('B', 'second', other))).toMatchObject({
        status: 'agreed',
        groundTruth: far.payload,
        agreement: 0.9,
      });
    }
  });

  test('an edit that changes nothing compared still goes before the accepted prediction', () => {
    const withMass = structuredClone(prediction);
    if (withMass.kind === 'calcium') withMass.payload.massMg = 17;
    expect(fold(edit('A', 'first', withMass), accept('B', 'second')).groundTruth).toMatchObject({ massMg: 17 });
    expect(fold(accept('A', 'first'), edit('B', 'second', withMass)).groundTruth).toMatchObject({ massMg: 17 });
  });

  test('edits whose agreement cannot be known are disputed, though the prediction was accepted with agreement 1', () => {
    const organ = segmentation({ 1: null });
    const edited = edit('A', 'first', segmentation({ 1: null }));
    expect(foldReviews(organ, [accept('A', 'first')])).toMatchObject({ status: 'single-read', agreement: 1 });
    expect(foldReviews(organ, [edited])).toMatchObject({
      status: 'single-read',
      agreement: null,
      groundTruthLevel: 'single',
    });
    expect(foldReviews(organ, [edited, accept('B', 'second')]).status).toBe('disputed');
  });

  test('the outcome does not depend on who was first', () => {
    const reads = contentsOfOneKind(3).chain(([predicted, one, other]) => {
      const read = (reader: string, part: Part, correction: Content) =>
        fc.constantFrom(accept(reader, part), reject(reader, part), edit(reader, part, correction));
      return fc.record({
        predicted: fc.constant(predicted!),
        one: read('A', 'first', one!),
        other: read('B', 'second', other!),
      });
    });
    let agreed = 0;
    fc.assert(
      fc.property(reads, ({ predicted, one, other }) => {
        const { firstAction: _, parts: __, ...there } = foldReviews(predicted, [one, other], diceOf);
        const swapped: ReviewEvent[] = [
          { ...other, part: 'first' },
          { ...one, part: 'second' },
        ];
        const { firstAction, parts, ...back } = foldReviews(predicted, swapped, diceOf);
        expect(back).toEqual(there);
        expect([firstAction, parts.first]).toEqual([other.action, 'B']);
        if (there.status === 'agreed') agreed++;
      }),
      { numRuns: 1000 },
    );
    expect(agreed).toBeGreaterThan(100);
  });
});

describe('revisions', () => {
  test('the last revision of a read counts, and is no further read', () => {
    const state = fold(reject('A', 'first'), accept('A', 'first'));
    expect(state).toMatchObject({ status: 'single-read', count: 1, agreement: 1, firstAction: 'accept' });
  });

  test('a revision can settle a dispute, and begin one', () => {
    const disputed = [accept('A', 'first'), reject('B', 'second')];
    expect(fold(...disputed, accept('B', 'second')).status).toBe('agreed');
    expect(fold(...disputed, accept('B', 'second'), reject('A', 'first')).status).toBe('disputed');
  });

  test('after the adjudication the reads stay as they are; the adjudicator may change the decision', () => {
    const decided = [accept('A', 'first'), reject('B', 'second'), accept('C', 'adjudication')];
    expect(fold(...decided, accept('B', 'second'), reject('A', 'first'))).toEqual(fold(...decided));
    expect(fold(...decided, reject('C', 'adjudication'))).toMatchObject({
      status: 'adjudicated',
      agreement: 0,
      count: 3,
    });
  });
});

describe('adjudication', () => {
  test('a third person decides between two reads that disagree', () => {
    const correction = calciumTotal(50);
    const state = fold(accept('A', 'first'), reject('B', 'second'), edit('C', 'adjudication', correction));
    expect(state).toMatchObject({
      status: 'adjudicated',
      groundTruthLevel: 'adjudicated',
      groundTruth: correction.payload,
      agreement: 0.5,
      parts: { first: 'A', second: 'B', adjudication: 'C' },
    });
  });

  test('is refused to the readers, and where there is nothing to decide', () => {
    const disputed = fold(accept('A', 'first'), reject('B', 'second'));
    expect(partOfReview(disputed, 'A', true)).toBe('own-read');
    expect(partOfReview(disputed, 'B', true)).toBe('own-read');
    expect(partOfReview(disputed, 'C', true)).toBe('adjudication');
    expect(partOfReview(fold(accept('A', 'first')), 'C', true)).toBe('not-disputed');
    expect(partOfReview(fold(accept('A', 'first'), accept('B', 'second')), 'C', true)).toBe('not-disputed');
    const decided = fold(accept('A', 'first'), reject('B', 'second'), accept('C', 'adjudication'));
    expect(partOfReview(decided, 'D', true)).toBe('not-disputed');
    expect(partOfReview(decided, 'C', true)).toBe('adjudication');
  });
});

test('each person takes the part that is open, or the own one again; a third read is refused', () => {
  expect(partOfReview(fold(), 'A', false)).toBe('first');
  const once = fold(accept('A', 'first'));
  expect(partOfReview(once, 'A', false)).toBe('first');
  expect(partOfReview(once, 'B', false)).toBe('second');
  const twice = fold(accept('A', 'first'), accept('B', 'second'));
  expect(partOfReview(twice, 'A', false)).toBe('first');
  expect(partOfReview(twice, 'B', false)).toBe('second');
  expect(partOfReview(twice, 'C', false)).toBe('already-read');
});

test('events that the rules did not allow change nothing', () => {
  const people = fc.constantFrom('A', 'B', 'C', 'D');
  const parts = fc.constantFrom<Part>('first', 'second', 'adjudication');
  const event = fc
    .record({ reader: people, part: parts, action: fc.constantFrom<ReviewEvent['action']>('accept', 'reject', 'edit') })
    .map(({ action, ...rest }) => ({ ...rest, action, correction: action === 'edit' ? calciumTotal(60) : null }));
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), events => {
      const allowed: ReviewEvent[] = [];
      for (const one of events) {
        const part = partOfReview(fold(...allowed), one.reader, one.part === 'adjudication');
        if (part === one.part) allowed.push(one);
      }
      const state = fold(...events);
      expect(state).toEqual(fold(...allowed));
      const readers = Object.values(state.parts).filter(reader => reader !== null);
      expect(new Set(readers).size).toBe(readers.length);
      expect(state.count).toBe(readers.length);
    }),
    { numRuns: 500 },
  );
});

test('a correction keeps the masks of the prediction that it does not bring anew', () => {
  const [kept, old, fresh] = ['a', 'b', 'c'].map(letter => letter.repeat(64)) as [string, string, string];
  const predicted = segmentation({ 1: kept, 2: old });
  const edited = segmentation({ 1: kept, 2: fresh });
  const content = correctedContent(predicted, {
    payload: edited.payload,
    objects: [{ ...edited.objects[1]!, sizeBytes: 8 }],
  });
  expect(content.objects.map(({ name, sha256 }) => [name, sha256]).sort()).toEqual([
    ['mask-1', kept],
    ['mask-2', fresh],
  ]);
  expect(foldReviews(predicted, [edit('A', 'first', content)], diceOf).agreement).toBe(0.75);
});

test('calcium is compared by vessel', () => {
  const state = foldReviews(calcium({ LAD: 100 }), [edit('A', 'first', calcium({ RCA: 100 }))]);
  expect(state.agreement).toBe(0);
});
