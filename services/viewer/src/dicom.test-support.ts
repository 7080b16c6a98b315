import { randomInt } from 'node:crypto';
import dcmjs from 'dcmjs';

const { DicomDict, DicomMetaDictionary } = dcmjs.data;

export const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** A UID that no other test has. */
export function newUid(): string {
  return `1.2.826.0.1.3680043.9.7.${Date.now()}.${randomInt(1e9)}`;
}

export interface DicomOptions {
  /** Attributes by keyword, over those of a small CT image. */
  attributes?: Record<string, unknown>;
  transferSyntaxUid?: string;
  /** Pixel bytes; undefined leaves pixel data out. */
  pixels?: Uint8Array | undefined;
}

export interface DicomObject {
  studyUid: string;
  seriesUid: string;
  uid: string;
  bytes: Buffer;
}

/** 4 x 4 pixels of 16 bit, counting up. */
export const PIXELS = new Uint8Array(new Uint16Array(16).map((_, index) => index * 257).buffer);

/** A small CT image as a Part 10 file, written by dcmjs. */
export function dicomObject(options: DicomOptions = {}): DicomObject {
  const pixels = 'pixels' in options ? options.pixels : PIXELS;
  const attributes: Record<string, unknown> = {
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: CT_IMAGE,
    SOPInstanceUID: newUid(),
    StudyInstanceUID: newUid(),
    SeriesInstanceUID: newUid(),
    StudyDate: '20240229',
    StudyTime: '101500',
    PatientName: 'Doe^Jane',
    PatientID: 'P-1',
    Modality: 'CT',
    SeriesNumber: 1,
    InstanceNumber: 1,
    ...(pixels && { SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2', Rows: 4, Columns: 4 }),
    ...(pixels && { BitsAllocated: 16, BitsStored: 16, HighBit: 15, PixelRepresentation: 0 }),
    ...options.attributes,
    ...(pixels && { PixelData: arrayBufferOf(pixels), _vrMap: { PixelData: 'OW' } }),
  };
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: attributes.SOPClassUID,
      MediaStorageSOPInstanceUID: attributes.SOPInstanceUID,
      TransferSyntaxUID: options.transferSyntaxUid ?? EXPLICIT_LITTLE_ENDIAN,
      ImplementationClassUID: '1.2.826.0.1.3680043.9.7.1',
    }),
  );
  file.dict = DicomMetaDictionary.denaturalizeDataset(attributes);
  return {
    studyUid: String(attributes.StudyInstanceUID),
    seriesUid: String(attributes.SeriesInstanceUID),
    uid: String(attributes.SOPInstanceUID),
    bytes: Buffer.from(file.write({ allowInvalidVRLength: false })),
  };
}

/**
 * Turns the native pixel data of a file into encapsulated fragments of any transfer syntax, as PS3.5 A.4 writes them.
 *
 * @param transferSyntaxUid as long as Explicit VR Little Endian's UID with a suffix, up to 64 characters.
 */
export function encapsulated(options: DicomOptions, fragments: Uint8Array[], offsetTable: number[] = []): Buffer {
  // The value length and the pixels of the last element are replaced; everything before stays as dcmjs wrote it.
  const marker = Buffer.from('e07f10004f57', 'hex');
  const { bytes } = dicomObject(options);
  const start = bytes.lastIndexOf(marker);
  const item = (content: Uint8Array): Buffer => {
    const header = Buffer.from('feff00e000000000', 'hex');
    header.writeUInt32LE(content.length, 4);
    return Buffer.concat([header, content]);
  };
  return Buffer.concat([
    bytes.subarray(0, start),
    Buffer.from('e07f10004f420000ffffffff', 'hex'),
    item(Buffer.from(new Uint32Array(offsetTable).buffer)),
    ...fragments.map(item),
    Buffer.from('feffdde000000000', 'hex'),
  ]);
}

function arrayBufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
