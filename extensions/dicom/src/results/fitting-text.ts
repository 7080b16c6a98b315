import { encodeText } from './character-set.ts';

/** JSON in ASCII, so that it fits into every character set. */
export function asciiJson(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Words for people in the source's character sets (SpecificCharacterSet). What they lack loses accents and raised digits (mm2 for
 * mm²), because another character set would be forced on the patient's name. Where that is not enough, the text is returned as it is
 * and the object becomes UTF-8, which holds everything.
 */
export function inCharacterSet(text: string, characterSets: readonly string[]): string {
  const fits = (part: string) => encodeText(part, characterSets) !== null;
  if (fits(text)) return text;
  const plain = (character: string) => character.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
  const spelled = Array.from(text.normalize('NFC'), character => (fits(character) ? character : plain(character)));
  return fits(spelled.join('')) ? spelled.join('') : text;
}
