import { decodeText, encodeText } from './character-set.ts';

test.each([
  ['ISO_IR 100', 'Müller^Jörg'],
  ['ISO_IR 101', 'Łukasz^Dvořák'],
  ['ISO_IR 109', 'Ċetta^Ġorġ'],
  ['ISO_IR 110', 'Ģirts^Ķēniņš'],
  ['ISO_IR 144', 'Иванов^Иван'],
  ['ISO_IR 127', 'قباني^لنزار'],
  ['ISO_IR 126', 'Διονυσιος'],
  ['ISO_IR 138', 'שרון^דבורה'],
  ['ISO_IR 148', 'Çavuşoğlu'],
  ['ISO_IR 203', 'Žižka^Œuvre^€'],
])('what is written in %s is read again', (set, text) => {
  const bytes = encodeText(text, [set])!;
  expect(bytes).toHaveLength([...text].length);
  expect(decodeText(bytes, [set], 'PN')).toBe(text);
});

test('bytes that a set does not have cannot be read', () => {
  expect(decodeText(Uint8Array.of(0x41, 0xa5), ['ISO_IR 109'], 'PN')).toBeNull();
  expect(decodeText(Uint8Array.of(0x41, 0xfc), ['ISO_IR 192'], 'PN')).toBeNull();
  expect(decodeText(Uint8Array.of(0x41, 0xfc), [], 'PN')).toBeNull();
});
