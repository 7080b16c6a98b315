import { type DataSet, DicomResultError } from './data-set.ts';
import { type DerivedObjectOptions, derivedObject } from './derived-object.ts';
import { type DicomObject, toDicomObject } from './dicom-object.ts';
import { bytesOf, itemsOf, numberOf, textOf } from './natural.ts';
import { readPart10 } from './read-part10.ts';
import { referencedSeries, sourceImageItem } from './references.ts';
import type { DerivedSource } from './source.ts';

const SINGLE_FRAME = '1.2.840.10008.5.1.4.1.1.7';
const MULTI_FRAME_TRUE_COLOR = '1.2.840.10008.5.1.4.1.1.7.4';
const PAGE_NUMBER_VECTOR = 0x0018_2001;

/** A picture as a canvas gives it (ImageData): RGBA, 8 bits each, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

export interface SecondaryCaptureOptions extends Omit<DerivedObjectOptions, 'sopClassUid' | 'modality'> {
  /** Whether patient and study date can be read in the pictures. */
  readonly identifiesPatient: boolean;
  /** What the pictures show and how they were made, at most 1024 characters. */
  readonly derivationDescription?: string;
}

/** Pictures as they are read back. */
export interface StoredPictures {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesDescription: string;
  /** In the order of the pages; every pixel is opaque. */
  readonly pictures: readonly Picture[];
  /** '' where the file has none. */
  readonly derivationDescription: string;
  /** Whether patient and study date can be read in the pictures; null where the file does not say. */
  readonly identifiesPatient: boolean | null;
  readonly sourceSopInstanceUids: readonly string[];
}

/** Implicit and Explicit VR Little Endian: pixels as they are. */
const TRANSFER_SYNTAXES = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'];

/**
 * Writes pictures as a Secondary Capture in color: one as a single frame (PS3.3 A.8.1), several of one size as the pages of a
 * multi-frame image (A.8.5.4). Where a picture is transparent, black shines through. Pixels are pictures, not measurements: they
 * have no place in space.
 * @throws DicomResultError when there is no picture, sizes differ, or a picture lacks pixels.
 */
export function writeSecondaryCapture(
  source: DerivedSource,
  pictures: readonly Picture[],
  options: SecondaryCaptureOptions,
): DicomObject {
  const [first] = pictures;
  if (!first) throw new DicomResultError('There is no picture to store.');
  pictures.forEach((picture, index) => {
    checkPicture(picture, first, index);
  });
  const isMultiFrame = pictures.length > 1;
  const object = derivedObject(source, {
    ...options,
    sopClassUid: isMultiFrame ? MULTI_FRAME_TRUE_COLOR : SINGLE_FRAME,
    modality: 'OT',
  });
  return toDicomObject({
    ...object,
    ...source.lossyCompression,
    ConversionType: 'WSD',
    DateOfSecondaryCapture: textOf(object, 'InstanceCreationDate'),
    TimeOfSecondaryCapture: textOf(object, 'InstanceCreationTime'),
    ImageType: ['DERIVED', 'SECONDARY'],
    PatientOrientation: '',
    ...(!options.bodyPartExamined && { Laterality: '' }),
    BurnedInAnnotation: options.identifiesPatient ? 'YES' : 'NO',
    ...(options.derivationDescription && { DerivationDescription: options.derivationDescription }),
    SourceImageSequence: source.slices.map(sourceImageItem),
    ReferencedSeriesSequence: referencedSeries(source.slices),
    ...(isMultiFrame && pagesOf(pictures)),
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'RGB',
    PlanarConfiguration: 0,
    Rows: first.height,
    Columns: first.width,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: rgbOf(pictures),
  });
}

function checkPicture({ width, height, data }: Picture, first: Picture, index: number): void {
  if (width < 1 || height < 1 || data.length !== width * height * 4) {
    throw new DicomResultError(
      `Picture ${index + 1} has ${data.length} bytes, but ${width} x ${height} pixels of RGBA need ${width * height * 4}.`,
    );
  }
  if (width !== first.width || height !== first.height) {
    throw new DicomResultError(
      `Pictures of one object have one size, but picture 1 has ${first.width} x ${first.height} pixels and picture ${index + 1} has ${width} x ${height}.`,
    );
  }
}

/** SC Multi-frame Image and Vector modules (PS3.3 C.8.6.3 and C.8.6.4). */
function pagesOf(pictures: readonly Picture[]): DataSet {
  return {
    NumberOfFrames: pictures.length,
    FrameIncrementPointer: PAGE_NUMBER_VECTOR,
    PageNumberVector: pictures.map((_, index) => index + 1),
  };
}

/** Colors of all pictures, laid over black. */
function rgbOf(pictures: readonly Picture[]): Uint8Array {
  const rgb = new Uint8Array(pictures.reduce((sum, { data }) => sum + (data.length / 4) * 3, 0));
  let to = 0;
  for (const { data } of pictures) {
    for (let from = 0; from < data.length; from += 4) {
      const opacity = data[from + 3]! / 255;
      for (let channel = 0; channel < 3; channel++) rgb[to++] = Math.round(data[from + channel]! * opacity);
    }
  }
  return rgb;
}

/**
 * Reads the pictures of a Secondary Capture in color, RGB of 8 bits without compression: every pixel exactly.
 * @throws DicomResultError when it is another object, its pixels are of another kind, or some of them are missing.
 */
export function readSecondaryCapture(file: Uint8Array): StoredPictures {
  const { dataSet, transferSyntaxUid } = readPart10(file);
  if (![SINGLE_FRAME, MULTI_FRAME_TRUE_COLOR].includes(textOf(dataSet, 'SOPClassUID'))) {
    throw new DicomResultError('This object is no Secondary Capture in color.');
  }
  const kind = (
    [
      'SamplesPerPixel',
      'PhotometricInterpretation',
      'PlanarConfiguration',
      'BitsAllocated',
      'BitsStored',
      'HighBit',
    ] as const
  ).map(keyword => textOf(dataSet, keyword));
  if (kind.join() !== '3,RGB,0,8,8,7' || !TRANSFER_SYNTAXES.includes(transferSyntaxUid)) {
    throw new DicomResultError(
      `These pictures are of a kind that is not read (transfer syntax ${transferSyntaxUid}, ${kind.join(' ')}); only uncompressed RGB of 8 bits is.`,
    );
  }
  const [width, height] = [numberOf(dataSet, 'Columns'), numberOf(dataSet, 'Rows')];
  const count = 'NumberOfFrames' in dataSet ? numberOf(dataSet, 'NumberOfFrames') : 1;
  const pixels = bytesOf(dataSet, 'PixelData') ?? new Uint8Array(0);
  const length = width * height * 3;
  // An odd number of bytes is followed by one that makes it even.
  const needed = count * length + ((count * length) % 2);
  if (!(count > 0 && length > 0) || pixels.length !== needed) {
    throw new DicomResultError(
      `${count} pictures of ${width} x ${height} pixels need ${needed} bytes, but this object has ${pixels.length}.`,
    );
  }
  const burnedIn = textOf(dataSet, 'BurnedInAnnotation');
  return {
    sopInstanceUid: textOf(dataSet, 'SOPInstanceUID'),
    seriesInstanceUid: textOf(dataSet, 'SeriesInstanceUID'),
    seriesDescription: textOf(dataSet, 'SeriesDescription'),
    pictures: Array.from({ length: count }, (_, page) => ({
      width,
      height,
      data: rgbaOf(pixels.subarray(page * length, (page + 1) * length)),
    })),
    derivationDescription: textOf(dataSet, 'DerivationDescription'),
    identifiesPatient: burnedIn === 'YES' ? true : burnedIn === 'NO' ? false : null,
    sourceSopInstanceUids: itemsOf(dataSet, 'SourceImageSequence').map(item =>
      textOf(item, 'ReferencedSOPInstanceUID'),
    ),
  };
}

function rgbaOf(rgb: Uint8Array): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) rgba.set(rgb.subarray(from, from + 3), to);
  return rgba;
}
