import { convertBytes } from 'dicom-character-set';

export const UTF_8 = 'ISO_IR 192';

/** Character sets whose upper half is one byte per character, with the name that TextDecoder has for them (PS3.3 C.12.1.1.2). */
const SINGLE_BYTE_SETS: Readonly<Record<string, string>> = {
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 203': 'iso-8859-15',
};

/**
 * Text of bytes in the given character sets (values of SpecificCharacterSet), or null where they do not fit together.
 * @param vr value representation, which says where a name or a list starts anew in the first character set
 */
export function decodeText(bytes: Uint8Array, characterSets: readonly string[], vr: string): string | null {
  const isAscii = bytes.every(byte => byte < 0x80 && byte !== 0x1b);
  if (isAscii) return new TextDecoder().decode(bytes);
  try {
    const label = characterSets.length === 1 ? SINGLE_BYTE_SETS[characterSets[0]!] : undefined;
    if (label && !bytes.includes(0x1b)) return new TextDecoder(label, { fatal: true }).decode(bytes);
    const text = convertBytes(characterSets.join('\\'), bytes, { vr });
    return text.includes('\ufffd') ? null : text;
  } catch {
    return null;
  }
}

/**
 * Bytes of a text in the given character sets, or null where they cannot hold it. Of sets with several bytes per character
 * or with escape sequences only the ASCII half is written.
 */
export function encodeText(text: string, characterSets: readonly string[]): Uint8Array | null {
  const [first = ''] = characterSets;
  if (characterSets.length <= 1) {
    if (first === UTF_8) return new TextEncoder().encode(text);
    const label = SINGLE_BYTE_SETS[first];
    if (label) return encodeSingleByte(text, upperHalf(label));
  }
  return encodeSingleByte(text, new Map());
}

function encodeSingleByte(text: string, upper: ReadonlyMap<string, number>): Uint8Array | null {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.charCodeAt(0);
    const byte = character.length === 1 && code < 0x80 ? code : upper.get(character);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** Characters of the bytes A0 to FF. */
function upperHalf(label: string): ReadonlyMap<string, number> {
  const decoder = new TextDecoder(label);
  const entries = Array.from({ length: 0x60 }, (_, index): [string, number] => {
    const byte = 0xa0 + index;
    return [decoder.decode(Uint8Array.of(byte)), byte];
  });
  return new Map(entries.filter(([character]) => character !== '\ufffd'));
}
