import { safeError } from './safe-error.ts';

test('an error is told by name, code and place', () => {
  const error = Object.assign(new TypeError('Doe^Jane is not a number'), { code: 'ERR_X' });
  const safe = safeError(error);
  expect(safe).toMatchObject({ name: 'TypeError', code: 'ERR_X' });
  expect(safe.frames[0]).toMatch(/safe-error\.test\.ts:\d+:\d+\)?$/);
  expect(JSON.stringify(safe)).not.toContain('Doe');
});

test.each([
  'first line\n    at Doe^Jane',
  'first line\n    at Doe^Jane (/home/jane/file.ts:1:2)',
  '    at Jane (file:///x.ts:1:2)\nlast line',
  'at Jane\nat node:Jane:1:2',
])('a message that looks like frames is not taken for them (%j)', message => {
  expect(JSON.stringify(safeError(new Error(message)))).not.toMatch(/Jane/i);
});

test('an error whose stack was changed after its message shows no message', () => {
  const error = new Error('Doe');
  error.stack = `Error: Mrs. Jane Doe\n    at Mrs. Jane Doe\n${error.stack}`;
  error.message = 'changed';
  expect(JSON.stringify(safeError(error))).not.toMatch(/Jane|Doe/);
});

test('names and codes that are sentences are left out', () => {
  const error = Object.assign(new Error('x'), { name: 'Jane Doe', code: 'Jane Doe, 1950' });
  expect(safeError(error)).toEqual({ name: 'Error', frames: expect.any(Array) });
});

test('what is no error is told by its type', () => {
  expect(safeError('Doe^Jane')).toEqual({ name: 'string', frames: [] });
  expect(safeError(undefined)).toEqual({ name: 'undefined', frames: [] });
});

test('frames of anonymous and asynchronous functions are kept', async () => {
  const error = await (async () => {
    await null;
    return new Error('x');
  })();
  expect(safeError(error).frames.length).toBeGreaterThan(0);
});
