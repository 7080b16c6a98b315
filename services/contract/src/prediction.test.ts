import { validFixtures } from './fixtures.test-support.ts';
import { ageBandOf, LARGEST_BATCH, predictionBatchSchema, predictionInputSchema } from './prediction.ts';

const smallest = validFixtures().find(({ name }) => name === 'calcium-smallest')!.value as object;

test.each([
  [0, '0-9'],
  [9.9, '0-9'],
  [10, '10-19'],
  [89, '80-89'],
  [90, '90+'],
  [113, '90+'],
  [-1, '0-9'],
])('an age of %s years is in the band %s', (years, band) => {
  expect(ageBandOf(years)).toBe(band);
});

test('a batch holds 100 predictions, and no more', () => {
  const batch = (count: number) => ({
    predictions: Array.from({ length: count }, (_, index) => ({
      ...smallest,
      id: `0b1f6c9e-3a52-4d7e-9c1a-${String(index).padStart(12, '0')}`,
    })),
  });
  expect(predictionBatchSchema.safeParse(batch(LARGEST_BATCH)).success).toBe(true);
  expect(predictionBatchSchema.safeParse(batch(LARGEST_BATCH + 1)).success).toBe(false);
});

test('what surrounds an identifier or a note is cut off, so that the same patient stays the same', () => {
  const parsed = predictionInputSchema.parse({ ...smallest, subject: { patientId: ' P-1 ' }, note: '\nA stent.\n' });
  expect(parsed.subject.patientId).toBe('P-1');
  expect(parsed.note).toBe('A stent.');
});
