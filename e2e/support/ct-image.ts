import { randomInt } from 'node:crypto';

/** A UID that no other test has. */
export function newUid(): string {
  return `1.2.826.0.1.3680043.9.8.${Date.now()}.${randomInt(1e9)}`;
}

export interface CtImage {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly frameOfReferenceUid: string;
  readonly seriesNumber: number;
  readonly seriesDescription: string;
  /** Third value of Image Type. */
  readonly imageType: 'AXIAL' | 'LOCALIZER';
  readonly instanceNumber: number;
  readonly acquisitionNumber?: number;
  /** Seconds of the day. */
  readonly acquisitionTimeS?: number;
  /** PixelPaddingValue. */
  readonly paddingHu?: number;
  /** Decimal strings; null leaves the attribute out. */
  readonly rescaleSlope?: string | null;
  readonly rescaleIntercept?: string | null;
  readonly rescaleType?: string;
  /** 16 by default. */
  readonly bitsStored?: number;
  readonly lossyImageCompression?: '00' | '01';
  /** Makes it an MR image of a dynamic series. */
  readonly mr?: { readonly echoTimeMs: number; readonly temporalPosition: number; readonly triggerTimeMs: number };
  readonly positionMm: readonly number[];
  readonly orientation: readonly number[];
  readonly pixelSpacingMm: number;
  /** Values of a square image, row by row. */
  readonly hu: Int16Array;
}

/** A CT (or MR) image of 3 mm as a file: Explicit VR Little Endian, elements in the order of their tags (PS3.5 7.1, PS3.10 7.1). */
export function ctImageFile(image: CtImage): Buffer {
  const size = Math.sqrt(image.hu.length);
  const uid = newUid();
  const imageStorage = image.mr ? '1.2.840.10008.5.1.4.1.1.4' : '1.2.840.10008.5.1.4.1.1.2';
  const meta = [
    text(0x0002_0002, 'UI', imageStorage),
    text(0x0002_0003, 'UI', uid),
    text(0x0002_0010, 'UI', '1.2.840.10008.1.2.1'),
    text(0x0002_0012, 'UI', '1.2.826.0.1.3680043.9.8.1'),
  ];
  const pixels = Buffer.from(image.hu.buffer, image.hu.byteOffset, image.hu.byteLength);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    long(
      0x0002_0000,
      meta.reduce((sum, { length }) => sum + length, 0),
    ),
    ...meta,
    text(0x0008_0008, 'CS', `ORIGINAL\\PRIMARY\\${image.imageType}`),
    text(0x0008_0016, 'UI', imageStorage),
    text(0x0008_0018, 'UI', uid),
    text(0x0008_0020, 'DA', '20250115'),
    ...optional(0x0008_0022, 'DA', image.acquisitionTimeS === undefined ? undefined : '20250115'),
    ...optional(0x0008_0032, 'TM', image.acquisitionTimeS === undefined ? undefined : timeText(image.acquisitionTimeS)),
    text(0x0008_0060, 'CS', image.mr ? 'MR' : 'CT'),
    text(0x0008_103e, 'LO', image.seriesDescription),
    text(0x0010_0010, 'PN', 'Series^Several'),
    text(0x0010_0020, 'LO', 'P-1'),
    text(0x0018_0050, 'DS', '3'),
    ...optional(0x0018_0060, 'DS', image.mr ? undefined : '120'),
    ...optional(0x0018_0081, 'DS', image.mr?.echoTimeMs.toString()),
    ...optional(0x0018_1060, 'DS', image.mr?.triggerTimeMs.toString()),
    text(0x0020_000d, 'UI', image.studyUid),
    text(0x0020_000e, 'UI', image.seriesUid),
    text(0x0020_0011, 'IS', `${image.seriesNumber}`),
    ...optional(0x0020_0012, 'IS', image.acquisitionNumber?.toString()),
    text(0x0020_0013, 'IS', `${image.instanceNumber}`),
    text(0x0020_0032, 'DS', image.positionMm.join('\\')),
    text(0x0020_0037, 'DS', image.orientation.join('\\')),
    text(0x0020_0052, 'UI', image.frameOfReferenceUid),
    ...optional(0x0020_0100, 'IS', image.mr?.temporalPosition.toString()),
    short(0x0028_0002, 1),
    text(0x0028_0004, 'CS', 'MONOCHROME2'),
    short(0x0028_0010, size),
    short(0x0028_0011, size),
    text(0x0028_0030, 'DS', `${image.pixelSpacingMm}\\${image.pixelSpacingMm}`),
    short(0x0028_0100, 16),
    short(0x0028_0101, image.bitsStored ?? 16),
    short(0x0028_0102, 15),
    short(0x0028_0103, 1),
    ...(image.paddingHu === undefined ? [] : [short(0x0028_0120, image.paddingHu, 'SS')]),
    ...optional(0x0028_1052, 'DS', image.mr ? null : image.rescaleIntercept, '0'),
    ...optional(0x0028_1053, 'DS', image.mr ? null : image.rescaleSlope, '1'),
    ...optional(0x0028_1054, 'LO', image.rescaleType),
    ...optional(0x0028_2110, 'CS', image.lossyImageCompression),
    element(0x7fe0_0010, 'OW', pixels),
  ]);
}

/** Seconds of a day as TM, to the millisecond. */
function timeText(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const milliseconds = String(Math.round((seconds % 1) * 1000)).padStart(3, '0');
  return `${two(seconds / 3600)}${two((seconds / 60) % 60)}${two(seconds % 60)}.${milliseconds}`;
}

function text(tag: number, vr: string, value: string): Buffer {
  const padding = value.length % 2 === 0 ? '' : vr === 'UI' ? '\0' : ' ';
  return element(tag, vr, Buffer.from(value + padding, 'latin1'));
}

/** An attribute that is left out where its value is null. */
function optional(tag: number, vr: string, value: string | null | undefined, fallback: string | null = null): Buffer[] {
  const written = value === undefined ? fallback : value;
  return written === null ? [] : [text(tag, vr, written)];
}

function short(tag: number, value: number, vr = 'US'): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value & 0xffff);
  return element(tag, vr, bytes);
}

function long(tag: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return element(tag, 'UL', bytes);
}

function element(tag: number, vr: string, value: Buffer): Buffer {
  const hasLongLength = vr === 'OW';
  const header = Buffer.alloc(hasLongLength ? 12 : 8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  header.write(vr, 4, 'latin1');
  if (hasLongLength) header.writeUInt32LE(value.length, 8);
  else header.writeUInt16LE(value.length, 6);
  return Buffer.concat([header, value]);
}
