import { finalImage } from './final-image.ts';
import type { Host } from './host.ts';
import type { DisplaySet, Instance } from './ohif.ts';

/** A volume whose every slice has arrived, still in Cornerstone's cache. */
export interface LoadedVolume {
  readonly volumeId: string;
  /** Image of every slice, in the order of the voxels. */
  readonly imageIds: readonly string[];
  /** DICOM attributes of every slice, in the same order. */
  readonly instances: readonly Instance[];
  /** A fresh copy of all voxels, modality-scaled (HU for CT): x fastest, then y, then slices in imageIds' order. */
  readVoxels(): Int16Array | Float32Array;
  /** One slice's voxels, modality-scaled. Not a copy: do not write. */
  readSlice(slice: number): ArrayLike<number>;
}

/** Why a series could not be read as a volume, in a sentence for the reader. */
export class VolumeLoadingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'VolumeLoadingError';
  }
}

interface StreamingVolume {
  readonly imageIds: string[];
  readonly loadStatus?: { readonly loaded?: boolean };
  load(): void;
}

const POLL_MS = 150;
/** No new slice for this long means that the archive has stopped answering. */
const STALL_MS = 60_000;
/** Time that Cornerstone gets, once it says that a volume is loaded, to put its last slices into the cache. */
const SETTLE_MS = 3_000;

/**
 * Loads a display set as a volume, or joins the host's own loading of it: both use the same volume id. Cornerstone also
 * calls a volume loaded when slices have failed, so every slice is looked for in the cache.
 * @throws VolumeLoadingError when slices are missing or their values are not modality-scaled
 */
export async function loadVolume(
  host: Host,
  displaySet: DisplaySet,
  { onProgress, signal }: { onProgress?: (loaded: number, total: number) => void; signal?: AbortSignal } = {},
): Promise<LoadedVolume> {
  const { cornerstone } = host;
  const imageIds = host.dataSource().getImageIdsForDisplaySet(displaySet);
  const volumeId = `cornerstoneStreamingImageVolume:${displaySet.displaySetInstanceUID}`;
  const volume = (await cornerstone.volumeLoader.createAndCacheVolume(volumeId, {
    imageIds,
  })) as unknown as StreamingVolume;
  volume.load();
  await everySlice(host, volume, onProgress, signal);

  const instances = volume.imageIds.map(imageId => cornerstone.metaData.get('instance', imageId) as Instance);
  checkScaled(host, volume, instances);
  const readSlice = (slice: number): ArrayLike<number> => {
    const voxels = finalImage(host, volume.imageIds[slice] ?? '')?.voxelManager?.getScalarData();
    if (!voxels) throw new VolumeLoadingError(`Slice ${slice + 1} has left the viewer's memory. Reload the study.`);
    return voxels;
  };
  return {
    volumeId,
    imageIds: volume.imageIds,
    instances,
    readVoxels: () => joinSlices(volume.imageIds.map((_, slice) => readSlice(slice))),
    readSlice,
  };
}

/** One array of all slices: Int16 where every value of an integer type fits, which is nearly always; else Float32. */
function joinSlices(slices: readonly ArrayLike<number>[]): Int16Array | Float32Array {
  const fitsInt16 = slices.every(
    slice =>
      slice instanceof Int16Array ||
      slice instanceof Int8Array ||
      slice instanceof Uint8Array ||
      (slice instanceof Uint16Array && slice.every(value => value <= 32767)),
  );
  const sliceLength = slices[0]?.length ?? 0;
  const length = sliceLength * slices.length;
  const voxels = fitsInt16 ? new Int16Array(length) : new Float32Array(length);
  slices.forEach((slice, index) => {
    if (slice.length !== sliceLength) throw new VolumeLoadingError(`Slice ${index + 1} has another size than slice 1.`);
    voxels.set(slice, index * sliceLength);
  });
  return voxels;
}

async function everySlice(
  host: Host,
  volume: StreamingVolume,
  onProgress?: (loaded: number, total: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const total = volume.imageIds.length;
  let loaded = -1;
  let lastChange = performance.now();
  let finishedAt: number | null = null;
  for (;;) {
    signal?.throwIfAborted();
    const missing = volume.imageIds.flatMap((imageId, slice) => (finalImage(host, imageId) ? [] : [slice]));
    const now = performance.now();
    if (total - missing.length !== loaded) {
      loaded = total - missing.length;
      lastChange = now;
      onProgress?.(loaded, total);
    }
    if (missing.length === 0) return;
    if (volume.loadStatus?.loaded) finishedAt ??= now;
    if (finishedAt !== null && now - finishedAt > SETTLE_MS) {
      throw new VolumeLoadingError(`${slicesInWords(missing)} could not be loaded. Reload the study to try again.`);
    }
    if (now - lastChange > STALL_MS) {
      throw new VolumeLoadingError(
        `Loading has stopped: ${loaded} of ${total} slices arrived. Check the archive and reload the study.`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
}

/** Values in HU are what every threshold means; a viewer that left them unscaled, or rounded them, gives other numbers. */
function checkScaled(host: Host, volume: StreamingVolume, instances: readonly Instance[]): void {
  instances.forEach((instance, slice) => {
    const image = finalImage(host, volume.imageIds[slice] ?? '');
    const slope = Number(instance.RescaleSlope ?? 1);
    const intercept = Number(instance.RescaleIntercept ?? 0);
    const isIdentity = slope === 1 && intercept === 0;
    if (!isIdentity && image?.preScale?.scaled !== true) {
      throw new VolumeLoadingError(`The viewer did not rescale slice ${slice + 1} to HU, so it is not scored.`);
    }
    const isFractional = !Number.isInteger(slope) || !Number.isInteger(intercept);
    if (isFractional && !(image?.voxelManager?.getScalarData() instanceof Float32Array)) {
      throw new VolumeLoadingError(
        `The viewer rounded the values of slice ${slice + 1} (rescale slope ${slope}), so it is not scored.`,
      );
    }
  });
}

function slicesInWords(slices: readonly number[]): string {
  const numbers = slices.slice(0, 5).map(slice => slice + 1);
  const rest = slices.length - numbers.length;
  const list = `${numbers.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return slices.length === 1 ? `Slice ${list}` : `Slices ${list}`;
}
