import type { Capabilities } from './capabilities.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { assertTextureFits, createTexture, type GpuTexture, type TextureShape, textureBytes } from './texture.ts';

/** Textures for reuse. New storage is zeroed by the browser, which costs several times an upload into an old texture. */
export class TexturePool {
  private readonly gl: WebGL2RenderingContext;
  private readonly capabilities: () => Capabilities;
  private readonly memory: MemoryBudget;
  /** Not in use, least recently used first. */
  private readonly idle = new Set<GpuTexture>();
  private readonly all = new Set<GpuTexture>();

  constructor(gl: WebGL2RenderingContext, capabilities: () => Capabilities, memory: MemoryBudget) {
    this.gl = gl;
    this.capabilities = capabilities;
    this.memory = memory;
    memory.addEvictor(() => this.evictOldest());
  }

  get count(): number {
    return this.all.size;
  }

  get framebufferCount(): number {
    let count = 0;
    for (const { framebuffer } of this.all) if (framebuffer) count++;
    return count;
  }

  /** A texture of exactly this shape. Its texels are whatever the last user left in it. */
  acquire(shape: TextureShape): GpuTexture {
    for (const texture of this.idle) {
      if (!hasShape(texture, shape)) continue;
      this.idle.delete(texture);
      return texture;
    }
    assertTextureFits(shape, this.capabilities());
    const bytes = textureBytes(shape);
    this.memory.reserve(bytes);
    try {
      const texture = createTexture(this.gl, shape);
      this.all.add(texture);
      return texture;
    } catch (error) {
      this.memory.release(bytes);
      throw error;
    }
  }

  /** Gives a texture back. One of before a context loss is gone already. */
  release(texture: GpuTexture): void {
    if (this.all.has(texture)) this.idle.add(texture);
  }

  /** Frees everything that is not in use. */
  clearIdle(): void {
    while (this.evictOldest());
  }

  /** Forgets all textures: the context that had them was lost. */
  forgetAll(): void {
    this.idle.clear();
    this.all.clear();
  }

  private evictOldest(): boolean {
    const [oldest] = this.idle;
    if (!oldest) return false;
    this.idle.delete(oldest);
    this.all.delete(oldest);
    this.gl.deleteFramebuffer(oldest.framebuffer);
    this.gl.deleteTexture(oldest.handle);
    this.memory.release(oldest.bytes);
    return true;
  }
}

function hasShape(texture: GpuTexture, { format, width, height, layers }: TextureShape): boolean {
  return texture.format === format && texture.width === width && texture.height === height && texture.layers === layers;
}
