import { isWebgl2Runtime } from './context.ts';
import { Device, type DeviceOptions } from './device.ts';
import { DeviceUnavailableError } from './errors.ts';
import type { MemoryBudget } from './memory-budget.ts';

/**
 * The one device of this thread. Browsers allow few contexts (four per worker) and take the oldest away without a word
 * when there are more, so all kernels share it.
 */
let device: Device | undefined;
/** Why there is none; a machine without WebGL2 is not asked again and again. */
let refusal: string | undefined;
let options: DeviceOptions = {};
/** Engines of this thread. */
let engines = 0;

/** How much memory a device may take. */
export type GpuMemoryLimits = Pick<DeviceOptions, 'budgetBytes' | 'operationLimitBytes'>;

/** @throws DeviceUnavailableError where there is no WebGL2 */
export function sharedDevice(): Device {
  if (refusal !== undefined) throw new DeviceUnavailableError(refusal);
  try {
    device ??= new Device(options);
    return device;
  } catch (error) {
    refusal = error instanceof Error ? error.message : String(error);
    throw error;
  }
}

/** Why nothing can be computed on the GPU of this thread right now, or null. Makes the device when there is none yet. */
export function sharedDeviceUnavailable(): string | null {
  try {
    return sharedDevice().unavailable;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Name of the GPU, also while its context is lost; null where there is none. */
export function sharedDeviceName(): string | null {
  try {
    return sharedDevice().capabilities.rendererName;
  } catch {
    return null;
  }
}

/** Why this thread can have no device at all, or null. Makes the device when there is none yet. */
export function sharedDeviceRefusal(): string | null {
  if (!isWebgl2Runtime()) return 'there is no OffscreenCanvas';
  try {
    sharedDevice();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * An engine computes on this thread's device from now on. Browsers allow few contexts, so the device is closed when the last
 * engine has gone.
 * @returns what the engine calls when it goes
 */
export function joinSharedDevice(): () => void {
  engines++;
  let isGone = false;
  return () => {
    if (isGone) return;
    isGone = true;
    if (--engines === 0) destroySharedDevice();
  };
}

/** Closes the device; the next one is made with these options. */
export function configureSharedDevice(newOptions: DeviceOptions): void {
  destroySharedDevice();
  options = newOptions;
}

/** Closes the device. It is made again when a kernel asks for it. */
export function destroySharedDevice(): void {
  device?.destroy();
  device = undefined;
  refusal = undefined;
}

/** What the GPU of this thread holds, or null while nothing has asked for a device: asking makes none. */
export function gpuMemory(): MemoryBudget | null {
  return device?.memory ?? null;
}

/** Whether the GPU holds a volume in this layout; asking makes no device. */
export function isOnGpu(volume: object, layout: string): boolean {
  return device?.residentTextures.has(volume, layout) ?? false;
}

/** Gives up textures and buffers that were kept for reuse, and nothing else. */
export function clearGpuPools(): void {
  device?.clearPools();
}

/** Gives up what the GPU holds of a volume, if anything: the volume is not needed any more. */
export function releaseFromGpu(volume: object): void {
  device?.residentTextures.release(volume);
}
