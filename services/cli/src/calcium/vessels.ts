import { readFile } from 'node:fs/promises';
import type { Vessel, VoxelRuns } from '@voxelwise/calcium/core';
import { vesselOfSegment } from '@voxelwise/calcium/results';
import { type DerivedSource, DicomResultError, readSegmentation } from '@voxelwise/dicom';
import { Refusal } from '../refusal.ts';

/** One segment of a segmentation, as voxels of the scored volume. */
export interface VesselSegment {
  readonly label: string;
  /** Null where the segment names none of the coronary arteries. */
  readonly vessel: Vessel | null;
  readonly voxels: VoxelRuns;
}

export interface VesselSegmentation {
  readonly uid: string;
  readonly description: string;
  readonly segments: readonly VesselSegment[];
}

/**
 * Reads which voxels belong to which coronary artery from a DICOM segmentation of anybody's.
 * @param source the slices in the order of the volume
 * @throws Refusal when it is of other images, of a kind that is not read, or has no segment of a coronary artery.
 */
export async function readVessels(path: string, source: DerivedSource): Promise<VesselSegmentation> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(
      `The segmentation ${path} cannot be read (${error.code}); give the path of a DICOM segmentation to --vessels.`,
    );
  });
  try {
    return vesselsOf(bytes, source);
  } catch (error) {
    if (!(error instanceof DicomResultError)) throw error;
    throw new Refusal(`The segmentation ${path} cannot be used: ${error.message}`);
  }
}

function vesselsOf(bytes: Uint8Array, source: DerivedSource): VesselSegmentation {
  const { segments, sopInstanceUid, seriesDescription, sourceSopInstanceUids } = readSegmentation(bytes, source);
  const slices = new Set(source.slices.map(slice => slice.sopInstanceUid));
  if (sourceSopInstanceUids.length > 0 && !sourceSopInstanceUids.some(uid => slices.has(uid))) {
    throw new DicomResultError('it was made from the images of another series; give the series that it was made from.');
  }
  const named = segments.map(segment => ({
    label: segment.label,
    vessel: vesselOfSegment(segment),
    voxels: segment.voxels,
  }));
  if (named.every(({ vessel }) => vessel === null)) {
    const labels = named.map(({ label }) => `"${label}"`).join(', ');
    throw new DicomResultError(
      `none of its segments (${labels || 'it has none'}) names LM, LAD, LCX or RCA, by code or label.`,
    );
  }
  return { uid: sopInstanceUid, description: seriesDescription, segments: named };
}
