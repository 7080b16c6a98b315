/** What pixel data of a transfer syntax may have lost. Where it is possible, only LossyImageCompression 00 says that nothing was. */
export type Loss = 'none' | 'possible' | 'certain';

/** Transfer syntaxes of PS3.5 annex A and PS3.6 that CT images are met in. */
const TRANSFER_SYNTAXES: Readonly<Record<string, readonly [name: string, loss?: Loss]>> = {
  '1.2.840.10008.1.2': ['Implicit VR Little Endian'],
  '1.2.840.10008.1.2.1': ['Explicit VR Little Endian'],
  '1.2.840.10008.1.2.1.99': ['Deflated Explicit VR Little Endian'],
  '1.2.840.10008.1.2.2': ['Explicit VR Big Endian'],
  '1.2.840.10008.1.2.5': ['RLE Lossless'],
  '1.2.840.10008.1.2.4.50': ['JPEG Baseline', 'certain'],
  '1.2.840.10008.1.2.4.51': ['JPEG Extended', 'certain'],
  '1.2.840.10008.1.2.4.57': ['JPEG Lossless, Process 14'],
  '1.2.840.10008.1.2.4.70': ['JPEG Lossless, Process 14, Selection Value 1'],
  '1.2.840.10008.1.2.4.80': ['JPEG-LS Lossless'],
  '1.2.840.10008.1.2.4.81': ['JPEG-LS Near-Lossless', 'possible'],
  '1.2.840.10008.1.2.4.90': ['JPEG 2000 Lossless Only'],
  '1.2.840.10008.1.2.4.91': ['JPEG 2000', 'possible'],
  '1.2.840.10008.1.2.4.110': ['JPEG XL Lossless'],
  '1.2.840.10008.1.2.4.111': ['JPEG XL JPEG Recompression', 'certain'],
  '1.2.840.10008.1.2.4.112': ['JPEG XL', 'possible'],
  '1.2.840.10008.1.2.4.201': ['High-Throughput JPEG 2000 Lossless Only'],
  '1.2.840.10008.1.2.4.202': ['High-Throughput JPEG 2000 with RPCL Options, Lossless Only'],
  '1.2.840.10008.1.2.4.203': ['High-Throughput JPEG 2000', 'possible'],
  '1.2.840.10008.1.2.8.1': ['Deflated Image Frame Compression'],
};

/** What is known of a transfer syntax. One that is not listed has no name, and is not known to lose anything. */
export function transferSyntaxOf(uid: string): { readonly name: string; readonly loss: Loss } {
  const [name, loss = 'none'] = TRANSFER_SYNTAXES[uid] ?? ['an unknown transfer syntax'];
  return { name, loss };
}
