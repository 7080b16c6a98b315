import { interpretScore, interpretTotal, isBelowWeights, LOW_SCORE_NOTE, lowScoreNote, type Vessel } from './index.ts';

const scored = (...scores: [Vessel, number][]) => scores.map(([vessel, agatston]) => ({ vessel, agatston }));

/** A score with the lesions that it takes. */
const total = (agatston: number) => ({ agatston, lesions: agatston === 0 ? 0 : 2 });

test('a score of 0 is no calcium in any vessel', () => {
  expect(interpretScore(total(0), scored(['LM', 0], ['LAD', 0], ['LCX', 0], ['RCA', 0]))).toMatchObject({
    category: { id: 'none' },
    isVeryHigh: false,
    calcifiedVessels: [],
    hasLeftMain: false,
    cacDrs: { label: 'CAC-DRS A0' },
    arterialAgeYears: 39.1,
    note: null,
  });
});

test('vessels that contribute are counted, and the left main is named', () => {
  expect(interpretScore(total(1200.5), scored(['LM', 0.5], ['LAD', 1000], ['LCX', 0], ['RCA', 200]))).toMatchObject({
    category: { id: 'severe' },
    isVeryHigh: true,
    calcifiedVessels: ['LM', 'LAD', 'RCA'],
    hasLeftMain: true,
    cacDrs: { label: 'CAC-DRS A3/N3' },
    note: null,
  });
  expect(interpretScore(total(0.667), scored(['LM', 0], ['LAD', 0.667]))).toMatchObject({
    hasLeftMain: false,
    cacDrs: { label: 'CAC-DRS A1/N1' },
    note: LOW_SCORE_NOTE,
  });
});

test('the rounding of sums is no contradiction, a missing vessel is one', () => {
  expect(interpretScore(total(0.3), scored(['LM', 0.1], ['LAD', 0.2]))?.calcifiedVessels).toEqual(['LM', 'LAD']);
  expect(() => interpretScore(total(12), scored(['LM', 10]))).toThrow(
    "The vessels' scores add up to 10, but the total is 12.",
  );
  expect(() => interpretScore(total(0), scored(['LM', 10]))).toThrow(RangeError);
  expect(() => interpretScore(total(Number.NaN), scored(['LM', Number.NaN]))).toThrow(RangeError);
});

test('calcium below the weights is not interpreted: its score of 0 is none', () => {
  const below = { agatston: 0, lesions: 1 };
  expect(isBelowWeights(below)).toBe(true);
  expect(interpretTotal(below)).toBeNull();
  expect(interpretScore(below, scored(['LM', 0], ['LAD', 0], ['LCX', 0], ['RCA', 0]))).toBeNull();
  expect([total(0), total(0.5)].map(isBelowWeights)).toEqual([false, false]);
});

test.each([
  [0, null],
  [0.667, LOW_SCORE_NOTE],
  [99.9, LOW_SCORE_NOTE],
  [100, null],
  [400.5, null],
])('the note on uncertainty at a score of %d', (agatston, note) => {
  expect(lowScoreNote(agatston)).toBe(note);
});
