import type { RunControl } from '../engine/run-control.ts';
import { type Int16Volume, isShared, type VoxelVolume } from '../volume.ts';
import type { Capabilities } from './capabilities.ts';
import { formatBytes } from './errors.ts';
import type { Operation } from './operation.ts';
import { sharedDevice, sharedDeviceUnavailable } from './shared-device.ts';
import { type GpuTexture, textureBytes } from './texture.ts';

/** Voxels of a row are padded to this many, so that a row fills whole RGBA32UI texels of a bit mask. */
export const ROW_BLOCK_VOXELS = 128;

/**
 * How an int16 volume lies on the GPU: an RGBA16I array texture with four voxels to a texel. Rows (z * ny + y) follow one
 * another through the layers without regard to slices, so a deep volume needs no more layers than a shallow one of as
 * many rows. Texels past the width hold anything.
 */
export interface Int16Layout {
  readonly texelsPerRow: number;
  readonly rowsPerLayer: number;
  readonly layers: number;
}

/** GLSL that reads texel `x` (four voxels) of row `row` of the volume. */
export const INT16_VOLUME_GLSL = `
uniform isampler2DArray volume;
uniform int rowsPerLayer;
ivec4 voxels(int x, int row) {
  int layer = row / rowsPerLayer;
  return texelFetch(volume, ivec3(x, row - layer * rowsPerLayer, layer), 0);
}
`;

/** Values of that code's uniforms. */
export function int16Uniforms({ rowsPerLayer }: Int16Layout): { readonly rowsPerLayer: number } {
  return { rowsPerLayer };
}

export function int16Layout([nx, ny, nz]: VoxelVolume['dimensions'], maximumTextureSize: number): Int16Layout {
  const rows = ny * nz;
  const layers = Math.ceil(rows / maximumTextureSize);
  return {
    texelsPerRow: (Math.ceil(nx / ROW_BLOCK_VOXELS) * ROW_BLOCK_VOXELS) / 4,
    rowsPerLayer: Math.ceil(rows / layers),
    layers,
  };
}

/**
 * The smallest integer that a shader has to compare int16 voxels with: on integers, value >= threshold is value >=
 * ceil(threshold). NaN has nothing inside, like a threshold past int16.
 */
export function int16Threshold(threshold: number): number {
  return Number.isNaN(threshold) ? 32768 : Math.ceil(Math.min(32768, Math.max(-32768, threshold)));
}

/** Name of this layout, for residentTexture. */
export const INT16_LAYOUT = 'int16';

/** Why this thread's GPU cannot hold the volume, or null when it can. */
export function int16VolumeUnavailable(volume: VoxelVolume): string | null {
  if (!(volume.voxels instanceof Int16Array)) return 'the volume holds fractional values (Float32)';
  const reason = sharedDeviceUnavailable();
  if (reason) return reason;
  const { capabilities, memory } = sharedDevice();
  return layoutUnavailable(int16Layout(volume.dimensions, capabilities.maximumTextureSize), capabilities, memory);
}

function layoutUnavailable(
  layout: Int16Layout,
  { maximumTextureSize, maximumArrayLayers }: Capabilities,
  { limitBytes }: { readonly limitBytes: number },
): string | null {
  if (layout.texelsPerRow > maximumTextureSize) {
    return `rows of more than ${maximumTextureSize * 4} voxels do not fit this GPU's textures`;
  }
  if (layout.layers > maximumArrayLayers) {
    return `the volume needs ${layout.layers} texture layers and this GPU has at most ${maximumArrayLayers}`;
  }
  const bytes = textureBytes(shapeOf(layout));
  if (bytes > limitBytes) {
    return `the volume needs ${formatBytes(bytes)} of GPU memory and the limit is ${formatBytes(limitBytes)}`;
  }
  return null;
}

/** The volume on the GPU; uploaded now unless it is there from an earlier operation. */
export async function residentInt16Volume(
  operation: Operation,
  volume: Int16Volume,
  control?: RunControl,
): Promise<{ readonly texture: GpuTexture; readonly layout: Int16Layout }> {
  const layout = int16Layout(volume.dimensions, operation.capabilities.maximumTextureSize);
  const texture = await operation.residentTexture(volume, INT16_LAYOUT, shapeOf(layout), target =>
    uploadRows(operation, target, volume, layout, control),
  );
  return { texture, layout };
}

function shapeOf({ texelsPerRow, rowsPerLayer, layers }: Int16Layout) {
  return { format: 'RGBA16I', width: texelsPerRow, height: rowsPerLayer, layers } as const;
}

/** Voxels that are copied at a time where they cannot be uploaded as they lie: 4 MB. */
const CHUNK_VOXELS = 1 << 21;

async function uploadRows(
  operation: Operation,
  texture: GpuTexture,
  volume: Int16Volume,
  layout: Int16Layout,
  control?: RunControl,
): Promise<void> {
  const { voxels, dimensions } = volume;
  const [width, ny, nz] = dimensions;
  const rows = ny * nz;
  const texels = Math.ceil(width / 4);
  // Browsers differ in whether they upload from shared memory, and rows have to be whole texels.
  const asTheyLie = width % 4 === 0 && !isShared(volume);
  const rowsAtATime = asTheyLie ? layout.rowsPerLayer : Math.max(1, Math.floor(CHUNK_VOXELS / (texels * 4)));
  const padded = asTheyLie ? voxels : new Int16Array(texels * 4 * Math.min(rowsAtATime, layout.rowsPerLayer));

  for (let layer = 0; layer < layout.layers; layer++) {
    const layerStart = layer * layout.rowsPerLayer;
    const layerRows = Math.min(layout.rowsPerLayer, rows - layerStart);
    for (let y = 0; y < layerRows; y += rowsAtATime) {
      await control?.step(0, 1); // only listens: what follows says how far it is
      const height = Math.min(rowsAtATime, layerRows - y);
      const first = (layerStart + y) * width;
      if (!asTheyLie) copyRows(voxels.subarray(first, first + height * width), width, padded, texels * 4);
      operation.upload(texture, { y, width: texels, height, layer }, padded, asTheyLie ? first : 0);
    }
  }
}

function copyRows(voxels: Int16Array, width: number, padded: Int16Array, stride: number): void {
  if (width === stride) {
    padded.set(voxels);
    return;
  }
  for (let from = 0, to = 0; from < voxels.length; from += width, to += stride) {
    padded.set(voxels.subarray(from, from + width), to);
  }
}
