/** How the pixel data of a transfer syntax is read here. */
export type Coding = 'native' | 'rle' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000';

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';

const CODINGS: Readonly<Record<string, Coding>> = {
  [IMPLICIT_LITTLE_ENDIAN]: 'native',
  [EXPLICIT_LITTLE_ENDIAN]: 'native',
  [DEFLATED_LITTLE_ENDIAN]: 'native',
  [EXPLICIT_BIG_ENDIAN]: 'native',
  '1.2.840.10008.1.2.5': 'rle',
  '1.2.840.10008.1.2.4.57': 'jpeg-lossless',
  '1.2.840.10008.1.2.4.70': 'jpeg-lossless',
  '1.2.840.10008.1.2.4.80': 'jpeg-ls',
  '1.2.840.10008.1.2.4.81': 'jpeg-ls',
  '1.2.840.10008.1.2.4.90': 'jpeg-2000',
  '1.2.840.10008.1.2.4.91': 'jpeg-2000',
};

/** How this program reads the pixel data of a transfer syntax, or null where it cannot. */
export function codingOf(uid: string): Coding | null {
  return CODINGS[uid] ?? null;
}
