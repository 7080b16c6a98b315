import { assertNoGlError } from './gl-error.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** Pixel-pack buffers receive what is read back; vertex buffers hold the points of a scatter. */
export type BufferUse = 'pixels' | 'vertices';

export interface GpuBuffer {
  readonly handle: WebGLBuffer;
  readonly use: BufferUse;
  readonly bytes: number;
}

const SMALLEST_BYTES = 4096;

/** Buffers for reuse, in sizes that are powers of two. A buffer has one user at a time, so no read overtakes another. */
export class BufferPool {
  private readonly gl: WebGL2RenderingContext;
  private readonly memory: MemoryBudget;
  private readonly idle = new Set<GpuBuffer>();
  private readonly all = new Set<GpuBuffer>();

  constructor(gl: WebGL2RenderingContext, memory: MemoryBudget) {
    this.gl = gl;
    this.memory = memory;
    memory.addEvictor(() => this.evictOldest());
  }

  get count(): number {
    return this.all.size;
  }

  /** A buffer of at least this many bytes. */
  acquire(use: BufferUse, minimumBytes: number): GpuBuffer {
    const bytes = Math.max(SMALLEST_BYTES, 2 ** Math.ceil(Math.log2(minimumBytes)));
    for (const buffer of this.idle) {
      if (buffer.use !== use || buffer.bytes !== bytes) continue;
      this.idle.delete(buffer);
      return buffer;
    }
    this.memory.reserve(bytes);
    const buffer = this.create(use, bytes);
    this.all.add(buffer);
    return buffer;
  }

  /** Gives a buffer back. One of before a context loss is gone already. */
  release(buffer: GpuBuffer): void {
    if (this.all.has(buffer)) this.idle.add(buffer);
  }

  clearIdle(): void {
    while (this.evictOldest());
  }

  forgetAll(): void {
    this.idle.clear();
    this.all.clear();
  }

  private create(use: BufferUse, bytes: number): GpuBuffer {
    const { gl } = this;
    const handle = gl.createBuffer();
    const target = use === 'pixels' ? gl.PIXEL_PACK_BUFFER : gl.ARRAY_BUFFER;
    gl.bindBuffer(target, handle);
    gl.bufferData(target, bytes, use === 'pixels' ? gl.STREAM_READ : gl.STREAM_DRAW);
    gl.bindBuffer(target, null);
    try {
      assertNoGlError(gl, 'making a buffer', bytes);
    } catch (error) {
      gl.deleteBuffer(handle);
      this.memory.release(bytes);
      throw error;
    }
    return { handle, use, bytes };
  }

  private evictOldest(): boolean {
    const [oldest] = this.idle;
    if (!oldest) return false;
    this.idle.delete(oldest);
    this.all.delete(oldest);
    this.gl.deleteBuffer(oldest.handle);
    this.memory.release(oldest.bytes);
    return true;
  }
}
