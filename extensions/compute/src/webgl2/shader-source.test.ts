import { floatLiteral, readableCompileLog, unroll } from './shader-source.ts';

test('unroll joins its pieces', () => {
  expect(unroll(3, i => `x${i}`, ' + ')).toBe('x0 + x1 + x2');
  expect(unroll(0, () => 'x')).toBe('');
});

describe('floatLiteral', () => {
  test.each([0, 1, -1, 0.1, 1e-30, -3.4e38, 1 / 3, 16777216])('%d is read back as the same float32', value => {
    const literal = floatLiteral(value);
    expect(Math.fround(Number(literal.slice(1, -1)))).toBe(Math.fround(value));
    expect(literal).toMatch(/^\(-?\d\.\d+e[+-]\d+\)$/);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d cannot be written', value => {
    expect(() => floatLiteral(value)).toThrow('cannot be written into a shader');
  });
});

describe('readableCompileLog', () => {
  const source = 'one\ntwo\nthree\nfour';

  test('shows the line with its neighbors', () => {
    expect(readableCompileLog('fragment', source, "ERROR: 0:3: 'three' : undeclared identifier\n\0")).toBe(
      "the fragment shader does not compile: ERROR: 0:3: 'three' : undeclared identifier\n  2 | two\n> 3 | three\n  4 | four",
    );
  });

  test('cuts generated lines, and passes on what it cannot read', () => {
    const long = readableCompileLog('vertex', 'x'.repeat(5000), 'ERROR: 0:1: too long');
    expect(long.length).toBeLessThan(300);
    expect(readableCompileLog('vertex', source, 'internal error')).toContain(': internal error');
    expect(readableCompileLog('vertex', source, '')).toContain('the compiler gives no reason');
  });
});
