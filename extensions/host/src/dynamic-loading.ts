import { createDynamicVoxels, type DynamicValues } from '@voxelwise/dicom';
import type { DynamicSeries } from './dynamic-series.ts';
import { type CornerstoneImage, finalImage } from './final-image.ts';
import type { Host } from './host.ts';
import { createPatience } from './patience.ts';
import { misreadWords } from './pixel-words.ts';
import { VolumeLoadingError } from './volume-loading.ts';

export interface DynamicLoadingOptions {
  /** Images that have arrived, of all. */
  readonly onProgress?: (loaded: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Loads the images of a 4D series. What has arrived is kept when it is cancelled or fails, and the next call goes on from there. */
export interface DynamicLoading {
  /**
   * @returns all voxels, modality-scaled (HU for CT): index = ((z * timePoints + t) * rows + y) * columns + x
   * @throws VolumeLoadingError with a sentence, or the signal's reason
   */
  load(options?: DynamicLoadingOptions): Promise<Int16Array | Float32Array>;
}

/** Images that are asked for at a time: as many as browsers ask one host for over HTTP/1.1, and two that are being decoded. */
const PARALLEL = 8;
/** How often an image is asked for before the reader is told. */
const ATTEMPTS = 3;
const RETRY_MS = 400;
/** No new image for this long means that the archive has stopped answering. */
const STALL_MS = 60_000;

/**
 * Images are taken from Cornerstone's cache where they are there and final, and loaded past it where not: the voxels of a 4D
 * series are copied into one array, and a second copy in the cache could be too much for the browser.
 */
export function dynamicLoading(host: Host, series: DynamicSeries, { stallMs = STALL_MS } = {}): DynamicLoading {
  const { stack } = series;
  const slices = stack.dimensions[2];
  const total = stack.order.length * slices;
  const voxels = createDynamicVoxels(stack);
  /** Images that are still to come, as t * slices + z. */
  const missing = new Set(Array.from({ length: total }, (_, index) => index));
  /** A request of another part of the viewer may be the one that has stalled, so it is only waited for at first. */
  let joinsOthers = true;

  return {
    async load({ onProgress, signal } = {}) {
      signal?.throwIfAborted();
      const patience = createPatience(stallMs, signal, () => {
        throw new VolumeLoadingError(
          `Loading has stopped: ${total - missing.size} of ${total} images arrived. Check the archive and open the series again.`,
        );
      });
      onProgress?.(total - missing.size, total);
      const queue = [...missing];
      const loadSome = async () => {
        for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
          const [t, z] = [Math.floor(index / slices), index % slices];
          const values = await patience.waitFor(loadImage(host, series, stack.order[t]![z]!, joinsOthers));
          voxels.write(t, z, values, stack.values.get(stack.order[t]![z]!)?.paddingHu);
          missing.delete(index);
          patience.renew();
          onProgress?.(total - missing.size, total);
        }
      };
      try {
        await Promise.all(Array.from({ length: Math.min(PARALLEL, queue.length) }, loadSome));
      } finally {
        joinsOthers = false;
        queue.length = 0; // where one has failed, the others end with the image that they are at
        patience.end();
      }
      return voxels.array();
    },
  };
}

/** The values of one image, checked. Asks again where the archive has failed. */
async function loadImage(
  host: Host,
  { frames, headers, stack }: DynamicSeries,
  index: number,
  joinsOthers: boolean,
): Promise<ArrayLike<number>> {
  const { imageId } = frames[index]!;
  const { label } = headers[index]!;
  const values = stack.values.get(index)!;
  const cached = finalImage(host, imageId);
  const image = cached && isExact(cached, values) ? cached : await fetched(host, imageId, label, values, joinsOthers);
  if (!isExact(image, values)) {
    throw new VolumeLoadingError(
      `The viewer did not rescale ${label}, or rounded its values (rescale slope ${values.slope}, intercept ${values.intercept}), so the series is not measured.`,
    );
  }
  const scaled = dataOf(image)!;
  const problem = misreadWords(label, values, scaled);
  if (problem) throw new VolumeLoadingError(problem);
  return scaled;
}

async function fetched(
  host: Host,
  imageId: string,
  label: string,
  values: DynamicValues,
  joinsOthers: boolean,
): Promise<CornerstoneImage> {
  const { cache, imageLoader } = host.cornerstone;
  for (let attempt = 1; ; attempt++) {
    try {
      return (await imageLoader.loadImage(imageId, {
        priority: 0,
        requestType: 'prefetch',
        preScale: { enabled: true },
        // Where another part of the viewer is loading it just now, that is waited for; otherwise it does not enter the cache.
        ignoreCache: !joinsOthers || attempt > 1 || cache.isLoaded(imageId) || !cache.getImageLoadObject(imageId),
        ...(isFractional(values) && { targetBuffer: { type: 'Float32Array' } }),
      } as never)) as CornerstoneImage;
    } catch (error) {
      if (attempt === ATTEMPTS) {
        throw new VolumeLoadingError(
          `${label} could not be loaded (${reasonOf(error)}). Check the archive and open the series again.`,
        );
      }
      await new Promise(resolve => setTimeout(resolve, RETRY_MS * attempt));
    }
  }
}

/** Whether the viewer holds the values as the headers mean them: rescaled, and not rounded. */
function isExact(image: CornerstoneImage, values: DynamicValues): boolean {
  const data = dataOf(image);
  if (!data) return false;
  const isIdentity = values.slope === 1 && values.intercept === 0;
  return (isIdentity || image.preScale?.scaled === true) && (!isFractional(values) || data instanceof Float32Array);
}

function isFractional({ slope, intercept }: DynamicValues): boolean {
  return !Number.isInteger(slope) || !Number.isInteger(intercept);
}

function dataOf(image: CornerstoneImage): ArrayLike<number> | undefined {
  return image.voxelManager?.getScalarData() ?? image.getPixelData?.();
}

/** Why an image did not come, in words: image loaders reject with errors, requests and objects that hold either. */
function reasonOf(thrown: unknown): string {
  const { error = thrown } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as { error?: unknown };
  const { status, message } = (typeof error === 'object' && error !== null ? error : {}) as {
    status?: number;
    message?: string;
  };
  if (status) return `the archive answered with status ${status}`;
  return message || 'the archive did not answer';
}
