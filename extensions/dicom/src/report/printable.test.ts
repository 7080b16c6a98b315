import {
  printable,
  readableAge,
  readableDate,
  readableInstant,
  readablePersonName,
  readableSex,
  readableTime,
} from './printable.ts';

describe('printable text', () => {
  test.each([
    ['é ü ß Ñ ø å œ € ½ µ', 'é ü ß Ñ ø å œ € ½ µ'],
    ['e\u0301', 'é'],
    ['Łódź, Đorđe, Çağrı', 'Lódz, Dorde, Çagri'],
    ['≥ 130, ≤ 400, Δz, 5 μm, −3', '>= 130, <= 400, deltaz, 5 µm, -3'],
    ['line\nbreak\ttab\u00a0space \u200b\u202e', 'line break tab space'],
    ['CT 心臓 スコア 3', 'CT ? ? 3'],
    ['心臓', '(not printable in this font)'],
    ['\ufffd\ufffd', '(not readable)'],
    ['😀 ok', '? ok'],
    ['', ''],
    ['   ', ''],
  ])('%j becomes %j', (raw, expected) => {
    expect(printable(raw)).toBe(expected);
  });

  test('has only characters of the font, whatever comes in', () => {
    for (let code = 0; code < 0x3000; code++) {
      expect(printable(`a${String.fromCodePoint(code)}b`)).toMatch(
        /^[\x20-\x7e\xa0-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/,
      );
    }
  });
});

describe('a person name', () => {
  test.each([
    ['Doe^Jane', 'Doe, Jane'],
    ['Doe^Jane^Mary^Dr.^MD', 'Doe, Dr. Jane Mary, MD'],
    ['Doe', 'Doe'],
    ['^Jane', 'Jane'],
    ['Doe^^^Prof.', 'Doe, Prof.'],
    ['', ''],
    ['^^^^', ''],
    ['==', ''],
    ['=山田^太郎=Yamada^Tarou', 'Yamada, Tarou'],
    ['山田^Taro', 'Name not printable in this font, see patient ID'],
    ['M\ufffdller^J\ufffdrg', 'Name not readable, see patient ID'],
  ])('%j reads %j', (raw, expected) => {
    expect(readablePersonName(raw)).toBe(expected);
  });
});

test.each([
  [readableDate, '20240131', '2024-01-31'],
  [readableDate, '2024.01.31', '2024-01-31'],
  [readableDate, 'unknown', 'unknown'],
  [readableDate, '', ''],
  [readableTime, '101530.123456', '10:15'],
  [readableTime, '1015', '10:15'],
  [readableTime, '10:15:30', '10:15'],
  [readableTime, '10', '10'],
  [readableAge, '063Y', '63 y'],
  [readableAge, '004M', '4 m'],
  [readableAge, '000D', '0 d'],
  [readableAge, 'sixty', 'sixty'],
  [readableSex, 'F', 'female'],
  [readableSex, ' m ', 'male'],
  [readableSex, 'X', 'X'],
])('%p of %j is %j', (read, raw, expected) => {
  expect(read(raw)).toBe(expected);
});

test('an instant is in UTC on every machine', () => {
  expect(readableInstant(new Date('2024-01-31T23:59:59+02:00'))).toBe('2024-01-31 21:59 UTC');
});
