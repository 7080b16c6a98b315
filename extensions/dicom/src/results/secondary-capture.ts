import { type DataSet, DicomResultError } from './data-set.ts';
import { type DerivedObjectOptions, derivedObject } from './derived-object.ts';
import { type DicomObject, toDicomObject } from './dicom-object.ts';
import { textOf } from './natural.ts';
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
