import type { GpuTexture } from './texture.ts';

/** Two targets of the same shape that take turns: what one pass wrote, the next one reads. */
export class PingPong {
  private front: GpuTexture;
  private back: GpuTexture;

  constructor(first: GpuTexture, second: GpuTexture) {
    this.front = first;
    this.back = second;
  }

  /** Holds what the last pass wrote. */
  get source(): GpuTexture {
    return this.front;
  }

  /** What the next pass writes. */
  get target(): GpuTexture {
    return this.back;
  }

  /** Both, to be given back. */
  get textures(): readonly [GpuTexture, GpuTexture] {
    return [this.front, this.back];
  }

  swap(): void {
    [this.front, this.back] = [this.back, this.front];
  }
}
