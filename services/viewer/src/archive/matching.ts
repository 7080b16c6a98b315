import type { DicomElement, DicomValue } from './dicom-json.ts';

const WILDCARD_VRS = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT']);
const RANGE_VRS = new Set(['DA', 'TM', 'DT']);
// Only where neither character can be part of a value: in a description a comma is a comma.
const LIST_VRS = new Set(['CS', 'UI']);

/**
 * Attribute matching of PS3.4 C.2.2.2: universal, single value, wildcard, range, and list of UIDs or codes.
 * Text is compared without regard to case, names also without regard to whether parts are separated by ^ or a space.
 */
export function matches(vr: string, wanted: string, found: DicomElement | undefined): boolean {
  if (wanted === '' || (wanted === '*' && WILDCARD_VRS.has(vr))) return true;
  const values = (found?.Value ?? []).flatMap(textsOf);
  const alternatives = LIST_VRS.has(vr) ? wanted.split(/[,\\]/).filter(Boolean) : [wanted];
  return alternatives.some(one => values.some(value => matchesOne(vr, one, value)));
}

function matchesOne(vr: string, wanted: string, value: string): boolean {
  if (RANGE_VRS.has(vr)) return matchesRange(vr, wanted, value);
  if (WILDCARD_VRS.has(vr)) return wildcardMatches(normalize(vr, wanted), normalize(vr, value));
  if (vr === 'IS' || vr === 'US') return Number(wanted) === Number(value);
  return wanted === value;
}

/** `from-to`, `from-`, `-to` or one value; dates of the old form yyyy.mm.dd compare like the new one. */
function matchesRange(vr: string, wanted: string, value: string): boolean {
  const comparable = (text: string) => text.replace(/[.:]/g, '').trim();
  const found = comparable(value);
  const [from, to] = wanted.split('-', 2).map(comparable);
  if (to === undefined) return found === from || (vr === 'TM' && found.startsWith(from ?? ''));
  // The end of a range is inclusive at its own precision: until 1230 includes 123059.
  return (!from || found >= from) && (!to || found <= to || found.startsWith(to));
}

function textsOf(value: DicomValue): string[] {
  if (value === null) return [];
  return typeof value === 'object' ? Object.values(value).filter(part => typeof part === 'string') : [String(value)];
}

function normalize(vr: string, text: string): string {
  const folded = text.toLowerCase().normalize('NFC').trim();
  return vr === 'PN' ? folded.replace(/\^+/g, ' ').trim() : folded;
}

/**
 * Whether a text is matched by a pattern with `*` (any text) and `?` (one character). Not by a regular expression: what
 * the client writes could make one run for hours. Here, the last `*` takes one character more whenever the rest fails.
 */
function wildcardMatches(pattern: string, text: string): boolean {
  const wanted = [...pattern];
  const found = [...text];
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  for (let position = 0; position < found.length; ) {
    if (wanted[at] === '*') {
      star = at++;
      resumeAt = position;
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === found[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      position = ++resumeAt;
    } else {
      return false;
    }
  }
  return wanted.slice(at).every(character => character === '*');
}
