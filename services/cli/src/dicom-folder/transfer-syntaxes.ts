/** How the pixel data of a transfer syntax is read here. */
export type Coding = 'native' | 'rle' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000';

interface TransferSyntax {
  readonly name: string;
  /** null: this program cannot read it. */
  readonly coding: Coding | null;
  /** The stream may have lost information; only LossyImageCompression = 00 says that it has not. */
  readonly mayBeLossy?: boolean;
  readonly alwaysLossy?: boolean;
}

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';

/** Transfer syntaxes of PS3.5 annex A and PS3.6 that CT images are met in. */
const TRANSFER_SYNTAXES: Readonly<Record<string, TransferSyntax>> = {
  [IMPLICIT_LITTLE_ENDIAN]: { name: 'Implicit VR Little Endian', coding: 'native' },
  [EXPLICIT_LITTLE_ENDIAN]: { name: 'Explicit VR Little Endian', coding: 'native' },
  [DEFLATED_LITTLE_ENDIAN]: { name: 'Deflated Explicit VR Little Endian', coding: 'native' },
  [EXPLICIT_BIG_ENDIAN]: { name: 'Explicit VR Big Endian', coding: 'native' },
  '1.2.840.10008.1.2.5': { name: 'RLE Lossless', coding: 'rle' },
  '1.2.840.10008.1.2.4.57': { name: 'JPEG Lossless, Process 14', coding: 'jpeg-lossless' },
  '1.2.840.10008.1.2.4.70': { name: 'JPEG Lossless, Process 14, Selection Value 1', coding: 'jpeg-lossless' },
  '1.2.840.10008.1.2.4.80': { name: 'JPEG-LS Lossless', coding: 'jpeg-ls' },
  '1.2.840.10008.1.2.4.81': { name: 'JPEG-LS Near-Lossless', coding: 'jpeg-ls', mayBeLossy: true },
  '1.2.840.10008.1.2.4.90': { name: 'JPEG 2000 Lossless Only', coding: 'jpeg-2000' },
  '1.2.840.10008.1.2.4.91': { name: 'JPEG 2000', coding: 'jpeg-2000', mayBeLossy: true },
  '1.2.840.10008.1.2.4.50': { name: 'JPEG Baseline', coding: null, alwaysLossy: true },
  '1.2.840.10008.1.2.4.51': { name: 'JPEG Extended', coding: null, alwaysLossy: true },
  '1.2.840.10008.1.2.4.201': { name: 'High-Throughput JPEG 2000 Lossless Only', coding: null },
  '1.2.840.10008.1.2.4.202': { name: 'High-Throughput JPEG 2000 with RPCL Options, Lossless Only', coding: null },
  '1.2.840.10008.1.2.4.203': { name: 'High-Throughput JPEG 2000', coding: null },
  '1.2.840.10008.1.2.4.110': { name: 'JPEG XL Lossless', coding: null },
  '1.2.840.10008.1.2.4.111': { name: 'JPEG XL JPEG Recompression', coding: null },
  '1.2.840.10008.1.2.4.112': { name: 'JPEG XL', coding: null },
  '1.2.840.10008.1.2.8.1': { name: 'Deflated Image Frame Compression', coding: null },
};

/** What is known of a transfer syntax; an unlisted one cannot be read. */
export function transferSyntaxOf(uid: string): TransferSyntax {
  return TRANSFER_SYNTAXES[uid] ?? { name: 'an unknown transfer syntax', coding: null };
}
