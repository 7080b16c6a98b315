import type { Instance } from '@voxelwise/host';
import { acquisitionFacts, personName, text } from './acquisition.ts';
import type { CtSeries } from './ct-series.ts';

describe('an attribute as text', () => {
  test.each([
    ['a text', 'FC12', 'FC12'],
    ['a number', 120, '120'],
    ['zero', 0, '0'],
    ['several values', ['ORIGINAL', 'PRIMARY'], 'ORIGINAL\\PRIMARY'],
    ['no values', [], ''],
    ['null', null, ''],
    ['nothing', undefined, ''],
  ])('%s', (_, value, expected) => {
    expect(text({ Keyword: value }, 'Keyword')).toBe(expected);
  });
});

describe('a person name', () => {
  const nameOf = (PatientName: unknown) => personName({ PatientName }, 'PatientName');

  test.each([
    ['as text', 'Doe^Jane', 'Doe^Jane'],
    ['as boxed text', new String('Doe^Jane'), 'Doe^Jane'],
    ['in a list', ['Doe^Jane'], 'Doe^Jane'],
    ['with its alphabet', { Alphabetic: 'Doe^Jane' }, 'Doe^Jane'],
    ['with its alphabet, in a list', [{ Alphabetic: 'Doe^Jane' }], 'Doe^Jane'],
    [
      'in three alphabets',
      [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }],
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    ['without the first alphabet', { Ideographic: '山田^太郎' }, '=山田^太郎'],
    [
      'without the second alphabet',
      { Alphabetic: 'Yamada^Tarou', Phonetic: 'やまだ^たろう' },
      'Yamada^Tarou==やまだ^たろう',
    ],
    ['without any', {}, ''],
    ['of an empty list', [], ''],
    ['of a list of nothing', [null], ''],
    ['null', null, ''],
    ['missing', undefined, ''],
  ])('%s', (_, value, expected) => {
    expect(nameOf(value)).toBe(expected);
  });
});

describe('facts of the acquisition', () => {
  const factsOf = (...instances: Instance[]) =>
    acquisitionFacts({ loaded: { instances }, spacingMm: [0.5, 0.5, 2.5] } as unknown as CtSeries);

  test('come from the first slice and from the measured increment', () => {
    const first = { KVP: '120.0', SliceThickness: 3, ContrastBolusAgent: ' Iohexol ' };
    expect(factsOf(first, { KVP: 80 })).toEqual({
      kvp: 120,
      incrementMm: 2.5,
      sliceThicknessMm: 3,
      sliceCount: 2,
      contrastAgent: 'Iohexol',
    });
  });

  test.each([undefined, null, '', 'unknown', 0, '0', -1])('a voltage of %p is none', KVP => {
    expect(factsOf({ KVP, SliceThickness: KVP })).toMatchObject({
      kvp: null,
      sliceThicknessMm: null,
      contrastAgent: '',
    });
  });

  test('of no slice are unknown', () => {
    expect(factsOf()).toMatchObject({ kvp: null, sliceThicknessMm: null, sliceCount: 0 });
  });
});
