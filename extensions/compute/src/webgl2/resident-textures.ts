import type { MemoryBudget } from './memory-budget.ts';
import type { GpuTexture } from './texture.ts';
import type { TexturePool } from './texture-pool.ts';

interface Resident {
  readonly texture: GpuTexture;
  /** Operations that use it now; it is not evicted under them. */
  pins: number;
  /** The volume was released while an operation was using the texture; it goes back to the pool after that. */
  released: boolean;
}

/**
 * Volumes that stay on the GPU between runs, by the volume object: a slider that moves the threshold uploads nothing.
 * A volume's voxels must not change while it is in use; a changed volume is a new object.
 */
export class ResidentTextures {
  private readonly pool: TexturePool;
  private readonly byVolume = new WeakMap<object, Map<string, Resident>>();
  /** Least recently used first. */
  private readonly residents = new Set<Resident>();
  /** A volume that nobody holds any more cannot be asked for again. */
  private readonly collected = new FinalizationRegistry<Resident>(resident => this.drop(resident));

  constructor(pool: TexturePool, memory: MemoryBudget) {
    this.pool = pool;
    memory.addEvictor(() => this.evictOldest());
  }

  has(volume: object, layout: string): boolean {
    const resident = this.byVolume.get(volume)?.get(layout);
    return resident !== undefined && this.residents.has(resident);
  }

  /** The texture of a volume in a layout, pinned until it is unpinned; undefined when it has to be uploaded. */
  pin(volume: object, layout: string): Resident | undefined {
    const resident = this.byVolume.get(volume)?.get(layout);
    if (!resident || !this.residents.has(resident)) return undefined;
    this.residents.delete(resident);
    this.residents.add(resident);
    resident.pins++;
    return resident;
  }

  unpin(resident: Resident): void {
    resident.pins--;
    if (resident.released && resident.pins === 0) this.pool.release(resident.texture);
  }

  /** Keeps an uploaded texture, pinned once. It goes back to the pool when it is evicted or the volume is released. */
  add(volume: object, layout: string, texture: GpuTexture): Resident {
    const resident: Resident = { texture, pins: 1, released: false };
    const layouts = this.byVolume.get(volume) ?? new Map<string, Resident>();
    layouts.set(layout, resident);
    this.byVolume.set(volume, layouts);
    this.residents.add(resident);
    this.collected.register(volume, resident);
    return resident;
  }

  /** Gives up the textures of one volume. */
  release(volume: object): void {
    for (const resident of this.byVolume.get(volume)?.values() ?? []) this.drop(resident);
    this.byVolume.delete(volume);
  }

  /** Gives up every texture that no operation is using. */
  clear(): void {
    while (this.evictOldest());
  }

  forgetAll(): void {
    this.residents.clear();
  }

  private evictOldest(): boolean {
    for (const resident of this.residents) {
      if (resident.pins > 0) continue;
      this.drop(resident);
      this.pool.clearIdle(); // it was evicted for its memory, so it must not wait in the pool
      return true;
    }
    return false;
  }

  private drop(resident: Resident): void {
    if (!this.residents.delete(resident)) return;
    resident.released = true;
    if (resident.pins === 0) this.pool.release(resident.texture);
  }
}

export type { Resident };
