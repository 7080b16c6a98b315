import { differenceInOrigin, originOf } from '../image-origin.ts';
import { areSame, isSameCosine, isSameSpacing } from '../same-grid.ts';
import type { CieLab } from './cielab.ts';
import { codeOf } from './codes.ts';
import { DicomResultError } from './data-set.ts';
import { runsOfFrame, toVoxelRuns } from './frame-bits.ts';
import { bytesOf, itemOf, itemsOf, type NaturalDataSet, numberOf, numbersOf, textOf } from './natural.ts';
import { readPart10 } from './read-part10.ts';
import { SEGMENTATION_STORAGE, type StoredSegment, type StoredSegmentation } from './segmentation.ts';
import type { DerivedSource, SourceSlice } from './source.ts';

/** How far a frame may lie from the slice it is on. Decimal strings of 16 characters are far better than that. */
const POSITION_TOLERANCE_MM = 0.01;
/** Transfer syntaxes whose pixel data is the bits themselves. */
const NATIVE_LITTLE_ENDIAN = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99'];

/**
 * Reads the segments of a DICOM Segmentation (BINARY) as voxels of the given slices. A frame belongs to the slice that it names as
 * its source image, or, where it names none of them, to the one at its position.
 * @param file a DICOM file
 * @throws DicomResultError where the segmentation does not fit the slices, or is of a kind that is not read
 */
export function readSegmentation(file: Uint8Array, source: DerivedSource): StoredSegmentation {
  const { dataSet, transferSyntaxUid } = readPart10(file);
  assertReadable(dataSet, transferSyntaxUid);
  assertSameOrigin(dataSet, source);
  assertSameSize(dataSet, source);
  const rows = numberOf(dataSet, 'Rows');
  const columns = numberOf(dataSet, 'Columns');
  const pixels = pixelsOf(dataSet);
  const frames = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence');
  const shared = itemOf(dataSet, 'SharedFunctionalGroupsSequence');
  const segmentItems = itemsOf(dataSet, 'SegmentSequence');
  const runsOfSegment = new Map(
    segmentItems.map(item => [numberOf(item, 'SegmentNumber'), [] as ReturnType<typeof runsOfFrame>]),
  );
  if (runsOfSegment.size !== segmentItems.length) {
    throw refused('Several segments of the segmentation have the same number, so its frames cannot be told apart.');
  }
  frames.forEach((own, frame) => {
    const groups = { ...shared, ...own };
    const number = numberOf(itemOf(groups, 'SegmentIdentificationSequence'), 'ReferencedSegmentNumber');
    const runs = runsOfSegment.get(number);
    if (!runs)
      throw refused(`Frame ${frame + 1} of the segmentation belongs to segment ${number}, which it does not describe.`);
    const slice = sliceOf(groups, source.slices);
    const found = runsOfFrame(pixels, frame, [rows, columns], Math.max(0, slice) * rows);
    if (found.length === 0) return;
    if (slice < 0) throw refused(`Frame ${frame + 1} of the segmentation lies on no slice of this series.`);
    assertPlace(groups, source.slices[slice]!, frame);
    for (const run of found) runs.push(run);
  });
  return {
    sopInstanceUid: textOf(dataSet, 'SOPInstanceUID'),
    seriesInstanceUid: textOf(dataSet, 'SeriesInstanceUID'),
    seriesDescription: textOf(dataSet, 'SeriesDescription'),
    sourceSopInstanceUids: sourceImagesOf(dataSet, frames),
    segments: segmentItems.map(item => segmentOf(item, runsOfSegment.get(numberOf(item, 'SegmentNumber'))!)),
  };
}

function assertReadable(dataSet: NaturalDataSet, transferSyntaxUid: string): void {
  const sopClass = textOf(dataSet, 'SOPClassUID');
  if (sopClass !== SEGMENTATION_STORAGE) {
    throw refused(`This is no DICOM Segmentation (SOP class ${sopClass || 'missing'}).`);
  }
  const type = textOf(dataSet, 'SegmentationType');
  if (type !== 'BINARY' || numberOf(dataSet, 'BitsAllocated') !== 1) {
    throw refused(`The segmentation is ${type || 'of no type'}; only BINARY segmentations are read.`);
  }
  if (!NATIVE_LITTLE_ENDIAN.includes(transferSyntaxUid)) {
    throw refused(`The segmentation has the transfer syntax ${transferSyntaxUid}; only uncompressed ones are read.`);
  }
}

function assertSameOrigin(dataSet: NaturalDataSet, { patientAndStudy, frameOfReferenceUid }: DerivedSource): void {
  const series = originOf({ ...patientAndStudy, FrameOfReferenceUID: frameOfReferenceUid });
  const { patientName, patientBirthDate, ...identifiers } = originOf(dataSet);
  // Not every writer repeats the name and the birth date.
  const segmentation = {
    patientName: (series.patientName && patientName) || series.patientName,
    patientBirthDate: (series.patientBirthDate && patientBirthDate) || series.patientBirthDate,
    ...identifiers,
  };
  const difference = differenceInOrigin([series, segmentation]);
  if (difference) {
    throw refused(`Segmentation and series are of two ${difference.what}, so its voxels are not those of this series.`);
  }
}

function assertSameSize(dataSet: NaturalDataSet, { slices }: DerivedSource): void {
  const [first] = slices;
  const [rows, columns] = [numberOf(dataSet, 'Rows'), numberOf(dataSet, 'Columns')];
  if (!first || rows !== first.rows || columns !== first.columns) {
    throw refused(
      `The segmentation has ${rows} x ${columns} pixels and the series ${first?.rows} x ${first?.columns}; it belongs to another series.`,
    );
  }
}

function pixelsOf(dataSet: NaturalDataSet): Uint8Array {
  const frames = numberOf(dataSet, 'NumberOfFrames');
  const described = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence').length;
  if (frames !== described) throw refused(`The segmentation has ${frames} frames and describes ${described} of them.`);
  const bytes = bytesOf(dataSet, 'PixelData');
  const needed = Math.ceil((frames * numberOf(dataSet, 'Rows') * numberOf(dataSet, 'Columns')) / 8);
  if (!bytes || bytes.length < needed) {
    throw refused(
      `The segmentation has ${bytes?.length ?? 0} bytes of pixels where ${needed} are needed; it is damaged.`,
    );
  }
  return bytes;
}

/** Images that the segmentation names as a whole or frame by frame. */
function sourceImagesOf(dataSet: NaturalDataSet, frames: readonly NaturalDataSet[]): string[] {
  const whole = itemsOf(dataSet, 'ReferencedSeriesSequence').flatMap(item =>
    itemsOf(item, 'ReferencedInstanceSequence').map(instance => textOf(instance, 'ReferencedSOPInstanceUID')),
  );
  return [...new Set([...whole, ...frames.flatMap(sourcesOfFrame)])].filter(Boolean);
}

function sourcesOfFrame(groups: NaturalDataSet): string[] {
  return itemsOf(groups, 'DerivationImageSequence')
    .flatMap(item => itemsOf(item, 'SourceImageSequence'))
    .map(item => textOf(item, 'ReferencedSOPInstanceUID'));
}

/** Index of the slice that a frame lies on, or -1. */
function sliceOf(groups: NaturalDataSet, slices: readonly SourceSlice[]): number {
  const named = new Set(sourcesOfFrame(groups));
  const candidates = slices.flatMap(({ sopInstanceUid }, index) => (named.has(sopInstanceUid) ? [index] : []));
  if (candidates.length === 1) return candidates[0]!;
  // Where a frame names no slice of the series, or several, its position says on which it lies.
  const place = numbersOf(itemOf(groups, 'PlanePositionSequence'), 'ImagePositionPatient');
  return slices.findIndex(slice => distance(place, slice.position) <= POSITION_TOLERANCE_MM);
}

function assertPlace(groups: NaturalDataSet, slice: SourceSlice, frame: number): void {
  const orientation = numbersOf(itemOf(groups, 'PlaneOrientationSequence'), 'ImageOrientationPatient');
  const spacing = numbersOf(itemOf(groups, 'PixelMeasuresSequence'), 'PixelSpacing');
  const place = numbersOf(itemOf(groups, 'PlanePositionSequence'), 'ImagePositionPatient');
  const isMissing = (values: readonly number[], count: number) =>
    values.length !== count || !values.every(Number.isFinite);
  const awayMm = distance(place, slice.position);
  const problems: [isThere: boolean, what: string][] = [
    [isMissing(place, 3), 'has no position'],
    [isMissing(orientation, 6), 'has no orientation'],
    [isMissing(spacing, 2), 'has no pixel spacing'],
    [!(awayMm <= POSITION_TOLERANCE_MM), `lies ${Number(awayMm.toFixed(3))} mm from the slice that it names`],
    [!areSame(orientation, slice.orientation, isSameCosine), 'is oriented otherwise than its slice'],
    [
      !areSame(spacing, slice.decimals.pixelSpacing.map(Number), isSameSpacing),
      'has another pixel spacing than its slice',
    ],
  ];
  const [, what] = problems.find(([isThere]) => isThere) ?? [];
  if (what) throw refused(`Frame ${frame + 1} of the segmentation ${what}, so its voxels cannot be placed.`);
}

/** NaN where one of the points is none. */
function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...[0, 1, 2].map(axis => (a[axis] ?? Number.NaN) - (b[axis] ?? Number.NaN)));
}

function segmentOf(item: NaturalDataSet, runs: ReturnType<typeof runsOfFrame>): StoredSegment {
  const [trackingId, trackingUid] = [textOf(item, 'TrackingID'), textOf(item, 'TrackingUID')];
  const color = numbersOf(item, 'RecommendedDisplayCIELabValue');
  return {
    number: numberOf(item, 'SegmentNumber'),
    label: textOf(item, 'SegmentLabel'),
    description: textOf(item, 'SegmentDescription'),
    category: codeOf(item, 'SegmentedPropertyCategoryCodeSequence'),
    type: codeOf(item, 'SegmentedPropertyTypeCodeSequence'),
    typeModifier: codeOf(
      itemOf(item, 'SegmentedPropertyTypeCodeSequence'),
      'SegmentedPropertyTypeModifierCodeSequence',
    ),
    anatomicRegion: codeOf(item, 'AnatomicRegionSequence'),
    algorithmType: textOf(item, 'SegmentAlgorithmType'),
    algorithm: algorithmOf(item),
    color: color.length === 3 ? (color as unknown as CieLab) : null,
    tracking: trackingId && trackingUid ? { id: trackingId, uid: trackingUid } : null,
    voxels: toVoxelRuns(runs),
  };
}

function algorithmOf(item: NaturalDataSet): StoredSegment['algorithm'] {
  const identification = itemOf(item, 'SegmentationAlgorithmIdentificationSequence');
  const name = textOf(identification, 'AlgorithmName') || textOf(item, 'SegmentAlgorithmName');
  if (!name) return null;
  const parameters = textOf(identification, 'AlgorithmParameters');
  return {
    name,
    version: textOf(identification, 'AlgorithmVersion'),
    family: codeOf(identification, 'AlgorithmFamilyCodeSequence'),
    ...(parameters && { parameters }),
  };
}

function refused(message: string): DicomResultError {
  return new DicomResultError(message);
}
