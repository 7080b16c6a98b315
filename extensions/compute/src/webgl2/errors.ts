/** Everything that can go wrong between a kernel and the GPU. Each message is a sentence that a note can carry. */

/** There is no WebGL2 here, or not enough of it. */
export class DeviceUnavailableError extends Error {
  override readonly name = 'DeviceUnavailableError';
}

/** The context was lost; what was on the GPU is gone. The browser may restore the context later. */
export class ContextLostError extends Error {
  override readonly name = 'ContextLostError';

  constructor() {
    super('the GPU context was lost');
  }
}

/** An operation asked for more GPU memory than the device may use. */
export class BudgetExceededError extends Error {
  override readonly name = 'BudgetExceededError';
  readonly requestedBytes: number;
  readonly limitBytes: number;

  constructor(requestedBytes: number, heldBytes: number, limitBytes: number) {
    super(
      `${formatBytes(requestedBytes)} of GPU memory are needed beside ${formatBytes(heldBytes)} in use, but the limit is ${formatBytes(limitBytes)}`,
    );
    this.requestedBytes = requestedBytes;
    this.limitBytes = limitBytes;
  }
}

/** The driver refused an allocation that the budget allowed. */
export class OutOfGpuMemoryError extends Error {
  override readonly name = 'OutOfGpuMemoryError';

  constructor(requestedBytes: number) {
    super(`the GPU could not provide ${requestedBytes > 0 ? `${formatBytes(requestedBytes)} of ` : 'enough '}memory`);
  }
}

/** The GPU does not come to what it was asked for, and its context is not lost either. */
export class GpuSilentError extends Error {
  override readonly name = 'GpuSilentError';

  constructor(milliseconds: number) {
    super(`the GPU did not finish within ${milliseconds / 1000} seconds`);
  }
}

/** WebGL refused a call, so that what was computed may be anything. */
export class GlCallError extends Error {
  override readonly name = 'GlCallError';

  constructor(doing: string, code: string) {
    super(`WebGL refused a call (${code}, noticed while ${doing})`);
  }
}

/** A texture is larger than this GPU can have. */
export class TextureLimitError extends Error {
  override readonly name = 'TextureLimitError';
}

/** A shader did not compile or link. */
export class ShaderError extends Error {
  override readonly name = 'ShaderError';
}

/** '3.0 GiB', '268 MiB' or '512 bytes'. */
export function formatBytes(bytes: number): string {
  if (bytes >= 2 ** 30) return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  if (bytes >= 2 ** 20) return `${Math.round(bytes / 2 ** 20)} MiB`;
  if (bytes >= 2 ** 10) return `${Math.round(bytes / 2 ** 10)} KiB`;
  return `${bytes} bytes`;
}
