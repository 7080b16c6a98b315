import { differenceInOrigin, originOf } from '../image-origin.ts';
import { ATTRIBUTES, type Keyword, NUMBER_VRS } from './attributes.ts';
import { type DataSet, DicomResultError, SourceText, type Value } from './data-set.ts';
import { decimalString } from './decimal-string.ts';
import { frameDataSet, isMultiFrame } from './functional-groups.ts';
import { itemsOf, type NaturalDataSet, numberOf, numbersOf, textOf, textsOf } from './natural.ts';
import { NEVER_ABSENT, PATIENT_AND_STUDY } from './patient-and-study.ts';
import { type ParsedDataSet, parsePart10, toDataSet } from './read-part10.ts';

/** One slice that results were computed from. */
export interface SourceSlice {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Of a multi-frame image, from 1; missing for an image of its own. */
  readonly frameNumber?: number;
  readonly seriesInstanceUid: string;
  readonly rows: number;
  readonly columns: number;
  /** ImagePositionPatient, mm. */
  readonly position: readonly number[];
  /** ImageOrientationPatient. */
  readonly orientation: readonly number[];
  /** The decimal strings of position, orientation, spacing and thickness as the source writes them. */
  readonly decimals: {
    readonly position: readonly string[];
    readonly orientation: readonly string[];
    readonly pixelSpacing: readonly string[];
    readonly sliceThickness: string;
    readonly spacingBetweenSlices: string;
  };
}

/** What a derived object takes over from the images that it was computed from. */
export interface DerivedSource {
  /** Attributes of patient and study, and SpecificCharacterSet, as the source has them. */
  readonly patientAndStudy: DataSet;
  readonly studyInstanceUid: string;
  /** '' where the source has none. */
  readonly frameOfReferenceUid: string;
  readonly frameOfReference: DataSet;
  /** The device that acquired the images, and where. */
  readonly equipment: DataSet;
  readonly modality: string;
  /** Whether the pixels ever were compressed with loss, and how, as every image derived from them says. */
  readonly lossyCompression: DataSet;
  /** In the order in which they were given. */
  readonly slices: readonly SourceSlice[];
}

const EQUIPMENT: readonly Keyword[] = [
  'Manufacturer',
  'ManufacturerModelName',
  'DeviceSerialNumber',
  'SoftwareVersions',
  'InstitutionName',
  'InstitutionalDepartmentName',
  'StationName',
];

/**
 * The source as it stands in DICOM files; text keeps its bytes.
 * @param files the slices, in any transfer syntax (pixels are not read), as bytes or as parsed by dicom-parser
 */
export function sourceFromFiles(files: readonly (Uint8Array | ParsedDataSet)[]): DerivedSource {
  const dataSets = files.map(file => {
    const parsed = file instanceof Uint8Array ? parsePart10(file, { untilPixels: true }) : file;
    return toDataSet(parsed, { asSourceText: true });
  });
  return sourceOf(dataSets, (dataSet, keyword) => dataSet[keyword] as Value | undefined);
}

/** The source as a viewer holds it: the naturalized metadata of the slices, text already in Unicode. */
export function sourceFromInstances(instances: readonly NaturalDataSet[]): DerivedSource {
  return sourceOf(instances, naturalValue);
}

/** An image of its own, or a frame of a multi-frame image, from 1. */
export interface SourceFrame {
  readonly instance: NaturalDataSet;
  readonly frame: number;
}

/** The source as a viewer holds it, of images and of frames of multi-frame images, in the order in which they are given. */
export function sourceFromFrames(frames: readonly SourceFrame[]): DerivedSource {
  const dataSets = frames.map(({ instance, frame }) =>
    isMultiFrame(instance) ? frameDataSet(instance, frame) : instance,
  );
  const numbers = frames.map(({ instance, frame }) => (isMultiFrame(instance) ? frame : undefined));
  return sourceOf(dataSets, naturalValue, numbers);
}

function sourceOf<T extends NaturalDataSet>(
  slices: readonly T[],
  read: (dataSet: T, keyword: Keyword) => Value | undefined,
  frameNumbers: readonly (number | undefined)[] = [],
): DerivedSource {
  const [first] = slices;
  if (!first) throw new DicomResultError('A result needs the images that it was computed from, and there are none.');
  assertOneOrigin(slices, frameNumbers);
  const { studyInstanceUid, frameOfReferenceUid } = originOf(first);
  if (!studyInstanceUid) throw new DicomResultError('The source images have no StudyInstanceUID.');
  const take = (keywords: readonly Keyword[]): DataSet =>
    Object.fromEntries(keywords.map(keyword => [keyword, read(first, keyword)]));
  return {
    patientAndStudy: {
      ...Object.fromEntries(NEVER_ABSENT.map(keyword => [keyword, ''])),
      ...present(take(PATIENT_AND_STUDY)),
    },
    studyInstanceUid,
    frameOfReferenceUid,
    frameOfReference: frameOfReferenceUid
      ? { PositionReferenceIndicator: '', ...present(take(['FrameOfReferenceUID', 'PositionReferenceIndicator'])) }
      : {},
    equipment: present(take(EQUIPMENT)),
    modality: textOf(first, 'Modality'),
    lossyCompression: lossyCompressionOf(slices, take),
    slices: slices.map((slice, index) => sliceOf(slice, frameNumbers[index])),
  };
}

/** A result belongs to one patient, one study and one frame of reference, and refers to every slice by its own UID. */
function assertOneOrigin(slices: readonly NaturalDataSet[], frameNumbers: readonly (number | undefined)[]): void {
  const difference = differenceInOrigin(slices.map(originOf));
  if (difference) {
    throw new DicomResultError(`The source images are of two ${difference.what}, and a result belongs to one.`);
  }
  const known = new Set<string>();
  slices.forEach((slice, index) => {
    const uid = textOf(slice, 'SOPInstanceUID');
    const number = frameNumbers[index];
    const named = number === undefined ? uid : `${uid}, frame ${number}`;
    if (uid !== '' && known.has(named)) {
      throw new DicomResultError(
        `Several source images have the SOP Instance UID ${named}, so results cannot refer to one of them. Get the series again from its source.`,
      );
    }
    known.add(named);
  });
}

/** LossyImageCompression '01' where any slice has it, with ratio and method of the first slice (PS3.3 C.7.6.1.1.5). */
function lossyCompressionOf(
  slices: readonly NaturalDataSet[],
  take: (keywords: readonly Keyword[]) => DataSet,
): DataSet {
  if (!slices.some(slice => textOf(slice, 'LossyImageCompression') === '01')) return { LossyImageCompression: '00' };
  return {
    ...present(take(['LossyImageCompressionRatio', 'LossyImageCompressionMethod'])),
    LossyImageCompression: '01',
  };
}

function present(dataSet: DataSet): DataSet {
  return Object.fromEntries(Object.entries(dataSet).filter(([, value]) => value !== undefined));
}

function sliceOf(dataSet: NaturalDataSet, frameNumber: number | undefined): SourceSlice {
  const sopInstanceUid = textOf(dataSet, 'SOPInstanceUID');
  if (!sopInstanceUid)
    throw new DicomResultError('A source image has no SOPInstanceUID, so results cannot refer to it.');
  return {
    sopClassUid: textOf(dataSet, 'SOPClassUID'),
    sopInstanceUid,
    ...(frameNumber !== undefined && { frameNumber }),
    seriesInstanceUid: textOf(dataSet, 'SeriesInstanceUID'),
    rows: numberOf(dataSet, 'Rows'),
    columns: numberOf(dataSet, 'Columns'),
    position: numbersOf(dataSet, 'ImagePositionPatient'),
    orientation: numbersOf(dataSet, 'ImageOrientationPatient'),
    decimals: {
      position: decimalsOf(dataSet, 'ImagePositionPatient'),
      orientation: decimalsOf(dataSet, 'ImageOrientationPatient'),
      pixelSpacing: decimalsOf(dataSet, 'PixelSpacing'),
      sliceThickness: decimalsOf(dataSet, 'SliceThickness')[0] ?? '',
      spacingBetweenSlices: decimalsOf(dataSet, 'SpacingBetweenSlices')[0] ?? '',
    },
  };
}

/** Decimal strings: those of the file, or the shortest ones of a viewer's numbers. */
function decimalsOf(dataSet: NaturalDataSet, keyword: Keyword): string[] {
  const numbers = numbersOf(dataSet, keyword);
  return textsOf(dataSet, keyword).map((text, index) => (text.length <= 16 ? text : decimalString(numbers[index]!)));
}

/** A viewer's value, as far down as it goes. */
function naturalValue(dataSet: NaturalDataSet, keyword: Keyword): Value | undefined {
  const value = dataSet[keyword];
  const [, vr = ''] = ATTRIBUTES[keyword].split(' ');
  if (value === undefined || value === null || vr.startsWith('O')) return undefined;
  if (vr === 'SQ') return itemsOf(dataSet, keyword).map(naturalItem);
  if (NUMBER_VRS.includes(vr)) return numbersOf(dataSet, keyword).filter(Number.isFinite);
  const texts = vr === 'DS' ? decimalsOf(dataSet, keyword) : textsOf(dataSet, keyword);
  return new SourceText(null, texts.join('\\'));
}

/** Its text is written in the character set of the object, so it declares none. */
function naturalItem(item: NaturalDataSet): DataSet {
  const isKept = (keyword: string) => keyword in ATTRIBUTES && keyword !== 'SpecificCharacterSet';
  const keywords = Object.keys(item).filter(isKept) as Keyword[];
  return present(Object.fromEntries(keywords.map(keyword => [keyword, naturalValue(item, keyword)])));
}
