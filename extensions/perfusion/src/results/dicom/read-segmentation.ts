import {
  type DerivedSource,
  DicomResultError,
  isSameCode,
  readSegmentation,
  type StoredSegment,
} from '@voxelwise/dicom';
import { CODES } from './perfusion-codes.ts';
import { maskOfRuns } from './voxel-runs.ts';
import type { SegmentName } from './write-segmentation.ts';

/** Masks of the segments that a segmentation has, 1 per voxel of the source's slices. */
export interface StoredPerfusionSegmentation {
  readonly sopInstanceUid: string;
  readonly masks: Readonly<Partial<Record<SegmentName, Uint8Array>>>;
}

/**
 * Reads a segmentation of ours as masks on the given slices.
 * @throws DicomResultError where it does not fit the slices, or has a segment that is none of ours
 */
export function readPerfusionSegmentation(file: Uint8Array, source: DerivedSource): StoredPerfusionSegmentation {
  const { segments, sopInstanceUid } = readSegmentation(file, source);
  const [{ columns, rows }] = source.slices as [DerivedSource['slices'][number]];
  const masks: Partial<Record<SegmentName, Uint8Array>> = {};
  for (const segment of segments) {
    const name = nameOf(segment);
    if (!name) throw new DicomResultError(`The segment "${segment.label}" is none of a perfusion result.`);
    if (masks[name]) throw new DicomResultError(`The segmentation has several segments for "${segment.label}".`);
    masks[name] = maskOfRuns(segment.voxels, [columns, rows, source.slices.length]);
  }
  return { sopInstanceUid, masks };
}

function nameOf({ type, typeModifier }: StoredSegment): SegmentName | null {
  if (isSameCode(typeModifier, CODES.core)) return 'core';
  if (isSameCode(typeModifier, CODES.hypoperfusion)) return 'hypoperfused';
  if (isSameCode(type, CODES.artery)) return 'aif';
  return isSameCode(type, CODES.vein) ? 'vof' : null;
}
