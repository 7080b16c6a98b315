import { type Entry, isBlocked, nextDue, nextEntry, withDependants } from './entry.ts';

let sequence = 0;
/** An entry as the database gives it, each later than the one before. */
function entry(change: Partial<Entry> = {}): Entry {
  sequence++;
  const id = `id-${sequence}`;
  return {
    id,
    sequence,
    predictionId: change.predictionId ?? id,
    content: { kind: 'prediction', body: {} } as Entry['content'],
    attachments: [],
    owner: 'me',
    title: 'Calcium score 1',
    studyUid: '1.2',
    madeAt: 0,
    state: 'waiting',
    isUploaded: false,
    failures: 0,
    notBefore: 0,
    problem: '',
    ...change,
  };
}
const review = (of: Entry, change: Partial<Entry> = {}) =>
  entry({ predictionId: of.predictionId, content: { kind: 'review', body: {} } as Entry['content'], ...change });

test('entries go in the order in which they were made, whatever the order in which they are given', () => {
  const [first, second] = [entry(), entry()];
  expect(nextEntry([second, first], 'me', 0)).toBe(first);
});

test('nobody delivers what somebody else has made', () => {
  const others = entry({ owner: 'somebody' });
  const mine = entry();
  expect(nextEntry([others, mine], 'me', 0)).toBe(mine);
  expect(nextEntry([others], 'me', 0)).toBeUndefined();
});

test('a refused prediction holds up its own reviews, and nothing else', () => {
  const refused = entry({ state: 'refused' });
  const [ofRefused, other] = [review(refused), entry()];
  expect(isBlocked(ofRefused, [refused, ofRefused, other])).toBe(true);
  expect(nextEntry([refused, ofRefused, other], 'me', 0)).toBe(other);
});

test('what failed by a mistake of the service waits for its time, and the others do not wait for it', () => {
  const [failed, other] = [entry({ notBefore: 1000 }), entry()];
  expect(nextEntry([failed, other], 'me', 999)).toBe(other);
  expect(nextEntry([failed, other], 'me', 1000)).toBe(failed);
  expect(nextDue([failed, review(failed)], 'me', 10)).toBe(1000);
});

test('a review goes after its prediction, and after the review before it', () => {
  const prediction = entry();
  const [first, second] = [review(prediction), review(prediction)];
  expect(nextEntry([second, first, prediction], 'me', 0)).toBe(prediction);
  expect(nextEntry([second, first], 'me', 0)).toBe(first);
  expect(nextEntry([second], 'me', 0)).toBe(second);
});

test('where nothing is due, nothing is', () => {
  expect(nextEntry([entry({ state: 'refused' })], 'me', 0)).toBeUndefined();
  expect(nextDue([entry({ state: 'refused' }), entry({ owner: 'somebody' })], 'me', 0)).toBeNull();
});

test('without its prediction a review is nothing, but a review can go alone', () => {
  const prediction = entry();
  const [first, second] = [review(prediction), review(prediction)];
  const all = [prediction, first, second, entry()];
  expect(withDependants(prediction, all)).toEqual([prediction, first, second]);
  expect(withDependants(first, all)).toEqual([first]);
});
