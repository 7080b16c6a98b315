import { type FiledRead, standingOf } from './standing.ts';

const alice = { roles: ['reviewer'] as const, persons: ['alice-2', 'alice-1'] };
const bob = { roles: ['reviewer'] as const, persons: ['bob'] };
const carol = { roles: ['reviewer'] as const, persons: ['carol'] };
const reader = { roles: ['reader'] as const, persons: ['reader'] };
const researcher = { roles: ['researcher'] as const, persons: ['researcher'] };

const of = (
  person: { roles: readonly string[]; persons: readonly string[] },
  status: string,
  reads: FiledRead[] = [],
  createdBy = 'somebody',
) => standingOf(person as never, { createdBy, status }, reads);

const first: FiledRead = { part: 'first', reader: 'alice-1' };
const second: FiledRead = { part: 'second', reader: 'bob' };
const third: FiledRead = { part: 'adjudication', reader: 'carol' };

test('whoever comes first files the first read, and is blinded to nothing', () => {
  expect(of(alice, 'unreviewed')).toEqual({ ownPart: null, isBlinded: false, next: ['first'] });
});

test('the second reader is blinded until the second read is filed', () => {
  expect(of(bob, 'single-read', [first])).toEqual({ ownPart: null, isBlinded: true, next: ['second'] });
  expect(of(bob, 'agreed', [first, second])).toEqual({ ownPart: 'second', isBlinded: false, next: [] });
});

test('a first reader is recognized by an older pseudonym, and may revise until there is a second read', () => {
  expect(of(alice, 'single-read', [first])).toEqual({ ownPart: 'first', isBlinded: false, next: ['revise'] });
  expect(of(alice, 'disputed', [first, second]).next).toEqual([]);
});

test('only a third person adjudicates, and only what is disputed', () => {
  expect(of(carol, 'disputed', [first, second]).next).toEqual(['adjudication']);
  expect(of(alice, 'disputed', [first, second]).next).toEqual([]);
  expect(of(carol, 'agreed', [first, second]).next).toEqual([]);
  expect(of(carol, 'adjudicated', [first, second, third]).next).toEqual(['revise']);
  expect(of({ ...carol, roles: ['reader'] }, 'disputed', [first, second], 'carol').next).toEqual([]);
});

test('readers review what they have sent, and nothing else', () => {
  expect(of(reader, 'unreviewed', [], 'reader').next).toEqual(['first']);
  expect(of(reader, 'unreviewed', [], 'somebody').next).toEqual([]);
  expect(of(reader, 'single-read', [first], 'reader').isBlinded).toBe(true);
});

test('whoever cannot read is not blinded: there is nothing to influence', () => {
  expect(of(researcher, 'single-read', [first])).toEqual({ ownPart: null, isBlinded: false, next: [] });
  expect(of(reader, 'single-read', [first], 'somebody').isBlinded).toBe(false);
});
