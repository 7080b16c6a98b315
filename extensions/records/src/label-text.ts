const LONGEST = 200;

/**
 * A text of a header or a program as the contract's labels want it: printable ASCII, at most 200 characters. Letters with marks lose
 * them, everything else that is no ASCII becomes a question mark. Undefined where nothing is left.
 */
export function labelOf(text: string | null | undefined): string | undefined {
  const plain = (text ?? '')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim();
  return plain.slice(0, LONGEST).trim() || undefined;
}
