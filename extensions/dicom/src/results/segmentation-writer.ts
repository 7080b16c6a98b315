import { cieLabOf } from './cielab.ts';
import { codeItem, dcm } from './codes.ts';
import { type DataSet, DicomResultError } from './data-set.ts';
import { type DerivedObjectOptions, derivedObject } from './derived-object.ts';
import { type DicomObject, toDicomObject } from './dicom-object.ts';
import { packedFrames, setBits } from './frame-bits.ts';
import { distancesAlongNormal, framePlacement, sharedGeometry } from './frame-groups.ts';
import { referencedSeries } from './references.ts';
import { type Algorithm, SEGMENTATION_STORAGE, type Segment } from './segmentation.ts';
import type { DerivedSource } from './source.ts';
import { newUid } from './uid.ts';

export interface SegmentationOptions extends Omit<DerivedObjectOptions, 'sopClassUid' | 'modality'> {
  /** ContentLabel: up to 16 capitals, digits and underscores. */
  readonly contentLabel: string;
  readonly contentDescription?: string;
  /** Who made it, "Family^Given"; '' for a program alone. */
  readonly creatorName?: string;
}

/** One frame: where a segment has voxels. */
interface Frame {
  readonly segment: number;
  readonly slice: number;
}

/** CID 7203. */
const SEGMENTATION = dcm('113076', 'Segmentation');

/** Tags that order the frames: ReferencedSegmentNumber, then ImagePositionPatient. */
const POINTERS = {
  segmentNumber: 0x0062000b,
  segmentGroup: 0x0062000a,
  position: 0x00200032,
  positionGroup: 0x00209113,
};

/**
 * Writes segments as a DICOM Segmentation (BINARY) on the slices that they were found on. A slice on which a segment has no voxel
 * has no frame. A segment without any voxel is described all the same; a segmentation without any voxel has one frame of zeros,
 * because an image cannot have no frame.
 * @throws DicomResultError when segments or source cannot be written.
 */
export function writeSegmentation(
  source: DerivedSource,
  segments: readonly Segment[],
  options: SegmentationOptions,
): DicomObject {
  const geometry = sharedGeometry(source);
  if (segments.length === 0) throw new DicomResultError('A segmentation needs at least one segment.');
  for (const segment of segments) assertSegment(source, segment);
  const [{ rows, columns }] = source.slices as [DerivedSource['slices'][number]];
  const frames = framesOf(segments, rows);
  const dimensionOrganizationUid = (options.newUid ?? newUid)();
  const places = placeNumbers(source);
  return toDicomObject({
    ...derivedObject(source, { ...options, sopClassUid: SEGMENTATION_STORAGE, modality: 'SEG' }),
    ...source.frameOfReference,
    ...source.lossyCompression,
    ImageType: ['DERIVED', 'PRIMARY'],
    ContentLabel: options.contentLabel,
    ContentDescription: options.contentDescription ?? '',
    ContentCreatorName: options.creatorName ?? '',
    ReferencedSeriesSequence: referencedSeries(source.slices),
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    NumberOfFrames: frames.length,
    SegmentationType: 'BINARY',
    SegmentsOverlap: haveOverlap(segments) ? 'YES' : 'NO',
    SegmentSequence: segments.map((segment, index) => segmentItem(segment, index + 1)),
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionOrganizationUid }],
    DimensionIndexSequence: [
      dimension(dimensionOrganizationUid, POINTERS.segmentNumber, POINTERS.segmentGroup, 'Segment Number'),
      dimension(dimensionOrganizationUid, POINTERS.position, POINTERS.positionGroup, 'Image Position Patient'),
    ],
    SharedFunctionalGroupsSequence: [geometry],
    PerFrameFunctionalGroupsSequence: frames.map(({ segment, slice }) => ({
      FrameContentSequence: [{ DimensionIndexValues: [segment + 1, places[slice]!] }],
      ...framePlacement(source.slices[slice]!, { code: SEGMENTATION }),
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment + 1 }],
    })),
    PixelData: pixelsOf(frames, segments, rows, columns),
  });
}

/** Frames by segment, then by slice; at least one. */
function framesOf(segments: readonly Segment[], rows: number): readonly Frame[] {
  const frames = segments.flatMap(({ voxels }, segment) => {
    const slices = new Set(Array.from(voxels.row, row => Math.floor(row / rows)));
    return [...slices].sort((a, b) => a - b).map(slice => ({ segment, slice }));
  });
  return frames.length > 0 ? frames : [{ segment: 0, slice: 0 }];
}

function pixelsOf(frames: readonly Frame[], segments: readonly Segment[], rows: number, columns: number): Uint8Array {
  const pixels = packedFrames(frames.length, rows * columns);
  const frameOf = new Map(frames.map(({ segment, slice }, frame) => [`${segment} ${slice}`, frame]));
  segments.forEach(({ voxels }, segment) => {
    voxels.row.forEach((row, run) => {
      const frame = frameOf.get(`${segment} ${Math.floor(row / rows)}`)!;
      const first = (frame * rows + (row % rows)) * columns;
      setBits(pixels, first + voxels.start[run]!, first + voxels.end[run]!);
    });
  });
  return pixels;
}

/** Rank of every slice along the normal, from 1. */
function placeNumbers({ slices }: DerivedSource): number[] {
  const distances = distancesAlongNormal(slices);
  const order = distances.map((_, index) => index).sort((a, b) => distances[a]! - distances[b]!);
  const places = new Array<number>(slices.length);
  order.forEach((slice, rank) => {
    places[slice] = rank + 1;
  });
  return places;
}

function segmentItem(segment: Segment, number: number): DataSet {
  const { algorithm, anatomicRegion, tracking, typeModifier } = segment;
  return {
    SegmentNumber: number,
    SegmentLabel: segment.label,
    ...(segment.description && { SegmentDescription: segment.description }),
    SegmentAlgorithmType: segment.algorithmType,
    ...(algorithm && {
      SegmentAlgorithmName: algorithm.name,
      SegmentationAlgorithmIdentificationSequence: [algorithmItem(algorithm)],
    }),
    SegmentedPropertyCategoryCodeSequence: [codeItem(segment.category)],
    SegmentedPropertyTypeCodeSequence: [
      {
        ...codeItem(segment.type),
        ...(typeModifier && { SegmentedPropertyTypeModifierCodeSequence: [codeItem(typeModifier)] }),
      },
    ],
    ...(anatomicRegion && { AnatomicRegionSequence: [codeItem(anatomicRegion)] }),
    RecommendedDisplayCIELabValue: cieLabOf(segment.color),
    ...(tracking && { TrackingID: tracking.id, TrackingUID: tracking.uid }),
  };
}

/** PS3.3 table 10-19. */
function algorithmItem({ family, name, version, parameters }: Algorithm): DataSet {
  return {
    AlgorithmFamilyCodeSequence: [codeItem(family)],
    AlgorithmName: name,
    AlgorithmVersion: version,
    ...(parameters && { AlgorithmParameters: parameters }),
  };
}

function dimension(uid: string, pointer: number, group: number, label: string): DataSet {
  return {
    DimensionOrganizationUID: uid,
    DimensionIndexPointer: pointer,
    FunctionalGroupPointer: group,
    DimensionDescriptionLabel: label,
  };
}

function assertSegment({ slices }: DerivedSource, { label, voxels, algorithm, algorithmType }: Segment): void {
  const [{ rows, columns }] = slices as [DerivedSource['slices'][number]];
  if (algorithmType !== 'MANUAL' && !algorithm) {
    throw new DicomResultError(`The segment "${label}" is ${algorithmType}, but does not say by which algorithm.`);
  }
  const isInside = (run: number) =>
    voxels.row[run]! >= 0 &&
    voxels.row[run]! < rows * slices.length &&
    voxels.start[run]! >= 0 &&
    voxels.start[run]! < voxels.end[run]! &&
    voxels.end[run]! <= columns;
  if (!voxels.row.every((_, run) => isInside(run))) {
    throw new DicomResultError(
      `The segment "${label}" has voxels outside the ${slices.length} slices of ${rows} x ${columns} pixels that it belongs to.`,
    );
  }
}

function haveOverlap(segments: readonly Segment[]): boolean {
  const runs = segments.flatMap(({ voxels }) =>
    Array.from(voxels.row, (row, run) => ({ row, start: voxels.start[run]!, end: voxels.end[run]! })),
  );
  runs.sort((a, b) => a.row - b.row || a.start - b.start);
  return runs.some(
    ({ row, start }, index) => index > 0 && runs[index - 1]!.row === row && start < runs[index - 1]!.end,
  );
}
