import fc from 'fast-check';
import { contentsOfOneKind } from './contents.test-support.ts';
import { foldReviews, partOfReview } from './fold.ts';
import { known } from './known-agreement.ts';
import { STORED_AT, type TestRecord, type TestReview } from './records.test-support.ts';

const HOUR_MS = 3_600_000;

/** Dice of the digests that the random contents use. */
export const diceOfTestMasks = (one: string, other: string) => known(one === other ? 1 : 0.5);

/** A prediction of any kind with up to eight reviews by four people, in every order that is allowed; at most one each hour. */
const record: fc.Arbitrary<TestRecord> = contentsOfOneKind(2).chain(([content, other]) => {
  const attempt = fc.record({
    reader: fc.constantFrom('A', 'B', 'C', 'D'),
    adjudicates: fc.boolean(),
    action: fc.constantFrom<TestReview['action']>('accept', 'reject', 'edit'),
    correction: fc.constantFrom(content!, other!),
  });
  return fc
    .record({
      attempts: fc.array(attempt, { maxLength: 8 }),
      algorithmName: fc.constantFrom('one', 'two'),
      algorithmVersion: fc.constantFrom('1.0.0', '1.1.0'),
    })
    .map(({ attempts, ...columns }) => {
      const reviews: TestReview[] = [];
      for (const [index, { adjudicates, correction, reader, action }] of attempts.entries()) {
        const part = partOfReview(foldReviews(content!, reviews, diceOfTestMasks), reader, adjudicates);
        if (part !== 'first' && part !== 'second' && part !== 'adjudication') continue;
        const at = new Date(STORED_AT.getTime() + (index + 1) * HOUR_MS);
        reviews.push({ reader, part, action, correction: action === 'edit' ? correction : null, at });
      }
      return { content: content!, columns, reviews };
    });
});

/** The same records for the same seed. */
export function randomRecords(count: number, seed: number): TestRecord[] {
  return fc.sample(record, { numRuns: count, seed });
}
