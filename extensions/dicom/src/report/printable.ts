/**
 * Text for the standard fonts of a PDF, which know the Windows Latin 1 (WinAnsi) characters and nothing else. jsPDF
 * writes any other character as two wrong ones, so everything that is printed passes through here first.
 */

/** WinAnsi characters outside Latin 1. */
const WIN_ANSI_EXTRAS = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');

/** Plain spellings of characters that WinAnsi lacks and Unicode does not decompose. */
const SPELLINGS: Readonly<Record<string, string>> = {
  '≥': '>=',
  '≤': '<=',
  '≠': '!=',
  '≈': '~',
  '−': '-',
  '‐': '-',
  '‑': '-',
  '→': '->',
  '⋅': '·',
  μ: 'µ',
  Δ: 'delta',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ħ: 'h',
  Ħ: 'H',
  ŧ: 't',
  Ŧ: 'T',
  ı: 'i',
  ẞ: 'SS',
};

/** Unicode's replacement character, which is not in WinAnsi itself. */
const UNKNOWN = '\uFFFD';
const NOT_PRINTABLE = '(not printable in this font)';
const NAME_NOT_PRINTABLE = 'Name not printable in this font, see patient ID';
/** What could not be decoded comes with the replacement character: in place of single letters, or alone. */
const NOT_READABLE = '(not readable)';
const NAME_NOT_READABLE = 'Name not readable, see patient ID';

function isWinAnsi(character: string): boolean {
  const code = character.codePointAt(0)!;
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) || WIN_ANSI_EXTRAS.has(character);
}

/** The character in WinAnsi: itself, its plain spelling, or its letter without accents; null when there is none. */
function spell(character: string): string | null {
  if (isWinAnsi(character)) return character;
  const spelling = SPELLINGS[character];
  if (spelling !== undefined) return spelling;
  const letters = [...character.normalize('NFKD').replace(/\p{M}/gu, '')].map(letter => SPELLINGS[letter] ?? letter);
  return letters.length > 0 && letters.every(isPrintable) ? letters.join('') : null;
}

/** True when every character can be printed as it is. */
function isPrintable(text: string): boolean {
  return [...text].every(isWinAnsi);
}

/** Spells every character; null stands for a stretch that cannot be printed. */
function spellAll(raw: string): (string | null)[] {
  const text = raw
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
  return [...text].map(spell);
}

/**
 * The text in characters that the font has. Accents that it lacks are dropped (Dvořák becomes Dvorák), other scripts
 * become one "?" per stretch, and a text of which nothing would be left says so.
 */
export function printable(raw: string): string {
  const spelled = spellAll(raw).map(part => part ?? UNKNOWN);
  if (!spelled.includes(UNKNOWN)) return spelled.join('');
  const text = spelled.join('').replace(/\uFFFD+/g, '?');
  if (/[\p{L}\p{N}]/u.test(text)) return text;
  return raw.includes(UNKNOWN) ? NOT_READABLE : NOT_PRINTABLE;
}

/**
 * A DICOM person name (PS3.5 section 6.2: family^given^middle^prefix^suffix, groups alphabetic=ideographic=phonetic) for
 * reading: "Doe, Dr. Jane Mary, MD". The first group that the font can print completely is taken: half a name is worse
 * than none on a report. A name that is there but cannot be decoded or printed says so. Empty for an empty name.
 */
export function readablePersonName(raw: string): string {
  const groups = raw.split('=').filter(group => group.replace(/[\s^]/g, '') !== '');
  if (groups.length === 0) return '';
  const printed = groups.find(group => !spellAll(group).includes(null));
  if (printed === undefined) return raw.includes(UNKNOWN) ? NAME_NOT_READABLE : NAME_NOT_PRINTABLE;
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = printed.split('^').map(printable);
  const calledBy = [prefix, given, middle].filter(Boolean).join(' ');
  return [family, calledBy, suffix].filter(Boolean).join(', ');
}

/** DICOM DA as 2024-01-31; anything else as it is. */
export function readableDate(raw: string): string {
  return raw.trim().replace(/^(\d{4})\.?(\d{2})\.?(\d{2})$/, '$1-$2-$3');
}

/** DICOM TM as 10:15; anything else as it is. */
export function readableTime(raw: string): string {
  return raw.trim().replace(/^(\d{2}):?(\d{2})(:?\d{2}(\.\d+)?)?$/, '$1:$2');
}

/** DICOM AS (063Y, 004M) as 63 y, 4 m; anything else as it is. */
export function readableAge(raw: string): string {
  return raw.trim().replace(/^0*(\d+)([DWMY])$/, (_, count: string, unit: string) => `${count} ${unit.toLowerCase()}`);
}

/** DICOM CS of patient's sex in words; anything else as it is. */
export function readableSex(raw: string): string {
  const words: Readonly<Record<string, string>> = { F: 'female', M: 'male', O: 'other' };
  return words[raw.trim().toUpperCase()] ?? raw.trim();
}

/** A point in time as "2024-01-31 10:15 UTC", the same on every machine. */
export function readableInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
