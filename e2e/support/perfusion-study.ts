import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type StrokePhantom, type StrokePhantomParameters, strokePhantom } from '@voxelwise/perfusion/phantoms';
import { ctImageFile, newUid } from './ct-image.ts';
import { enhancedCtFile } from './enhanced-ct.ts';

const FIELD_OF_VIEW_MM = 220;
/** 10:00, in seconds of the day. */
const START_S = 36_000;

export interface PerfusionStudyOptions {
  /** Of the phantom; a small one without noise by default. */
  readonly phantom?: Partial<StrokePhantomParameters>;
  /** Changes or leaves out (null) one image. */
  readonly changed?: (timePoint: number, slice: number) => { readonly timeS?: number } | null;
}

export interface PerfusionStudy {
  readonly studyUid: string;
  readonly phantom: StrokePhantom;
}

/** Small enough that a test is quick, and large enough for a brain with its vessels. */
export const SMALL_PHANTOM = {
  dimensions: [96, 96, 4],
  sliceIncrementMm: 20,
  timePoints: 40,
  intervalS: 1.5,
  wholeNumbers: true,
} as const satisfies Partial<StrokePhantomParameters>;

/**
 * Writes the stroke phantom, one file per slice and time point: as a CT series that is split by acquisition time alone, or as an MR
 * series by temporal position.
 */
export async function writePerfusionStudy(
  folder: string,
  options: PerfusionStudyOptions = {},
): Promise<PerfusionStudy> {
  const phantom = strokePhantom({ ...SMALL_PHANTOM, ...options.phantom });
  const { voxels, dimensions, timePoints, intervalS, spacingMm, signal } = phantom.volume;
  const [nx, ny, nz] = dimensions;
  const [studyUid, seriesUid, frameOfReferenceUid] = [newUid(), newUid(), newUid()];
  await mkdir(folder, { recursive: true });
  for (let t = 0; t < timePoints; t++) {
    for (let z = 0; z < nz; z++) {
      const changed = options.changed?.(t, z);
      if (changed === null) continue;
      const first = (z * timePoints + t) * nx * ny;
      const file = ctImageFile({
        studyUid,
        seriesUid,
        frameOfReferenceUid,
        seriesNumber: 3,
        seriesDescription: signal.kind === 'attenuation' ? 'CT perfusion' : 'DSC perfusion',
        imageType: 'AXIAL',
        instanceNumber: t * nz + z + 1,
        ...(signal.kind === 'susceptibility'
          ? {
              mr: { echoTimeMs: signal.echoTimeS * 1000, temporalPosition: t + 1, triggerTimeMs: t * intervalS * 1000 },
            }
          : { acquisitionTimeS: START_S + (changed?.timeS ?? t * intervalS) }),
        positionMm: [-FIELD_OF_VIEW_MM / 2, -FIELD_OF_VIEW_MM / 2, z * spacingMm[2]],
        orientation: [1, 0, 0, 0, 1, 0],
        pixelSpacingMm: spacingMm[0],
        hu: Int16Array.from(voxels.subarray(first, first + nx * ny)),
      });
      await writeFile(path.join(folder, `${String(t).padStart(3, '0')}-${z}.dcm`), file);
    }
  }
  return { studyUid, phantom };
}

/** Writes the stroke phantom as the frames of one Enhanced CT image. */
export async function writeEnhancedPerfusionStudy(
  folder: string,
  parameters: Partial<StrokePhantomParameters>,
): Promise<PerfusionStudy> {
  const phantom = strokePhantom({ ...SMALL_PHANTOM, ...parameters });
  const studyUid = newUid();
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'enhanced.dcm'), enhancedCtFile(phantom.volume, studyUid, FIELD_OF_VIEW_MM));
  return { studyUid, phantom };
}
