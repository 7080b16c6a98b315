import type { ReviewState } from '../contract.ts';
import { nameWords, nextRead, statusWords } from './record-words.ts';

const state = (change: Partial<ReviewState>): ReviewState => ({
  count: 0,
  isBlinded: false,
  status: 'unreviewed',
  groundTruth: null,
  next: [],
  ...change,
});
const truth = { level: 'single', payload: null, agreement: 0.934 } as const;

test.each([
  [state({}), 'Not reviewed'],
  [state({ isBlinded: true, status: null }), 'Not reviewed'],
  [state({ isBlinded: true, status: null, count: 1 }), '1 read filed; hidden until you have filed yours'],
  [state({ isBlinded: true, status: null, count: 2 }), '2 reads filed; hidden until you have filed yours'],
  [state({ status: 'single-read', count: 1, groundTruth: truth }), 'One read, agreement 93 %'],
  [state({ status: 'disputed', count: 2 }), 'Two reads that disagree'],
  [state({ status: 'adjudicated', count: 3, groundTruth: { ...truth, agreement: null } }), 'Adjudicated'],
])('%j: %s', (review, words) => {
  expect(statusWords(review)).toBe(words);
});

test.each([
  [[], null],
  [['first'], 'Your review'],
  [['second'], 'Your second read'],
  [['revise'], 'Change your review'],
  [['revise', 'adjudication'], 'Adjudicate'],
] as const)('with %j next, the reader may file: %s', (next, heading) => {
  expect(nextRead(state({ next: [...next] }))?.heading ?? null).toBe(heading);
});

test.each([
  ['minimumLesionAreaMm2', 'minimum lesion area, mm²'],
  ['weightEdgesHu', 'weight edges, HU'],
  ['equivalent3mm', 'equivalent 3mm'],
  ['thresholds', 'thresholds'],
  ['massFactorMgPerMm3Hu', 'mass factor, mg/mm³/HU'],
])('the convention %s is called "%s"', (name, words) => {
  expect(nameWords(name)).toBe(words);
});
