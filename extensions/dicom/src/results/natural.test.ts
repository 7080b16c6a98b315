import { joinedTextOf, textOf } from './natural.ts';

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
    expect(joinedTextOf({ ImageType: value }, 'ImageType')).toBe(expected);
  });
});

describe('a person name', () => {
  const nameOf = (PatientName: unknown) => textOf({ PatientName }, 'PatientName');

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
