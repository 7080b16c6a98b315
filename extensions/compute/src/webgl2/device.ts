import type { RunControl } from '../engine/run-control.ts';
import { BufferPool } from './buffer-pool.ts';
import { type Capabilities, type Restrictions, readCapabilities } from './capabilities.ts';
import { type ComputeContext, createComputeContext } from './context.ts';
import { ContextLostError, DeviceUnavailableError, GpuSilentError } from './errors.ts';
import type { TextureFormat } from './formats.ts';
import { forgetGlErrors } from './gl-error.ts';
import { MemoryBudget } from './memory-budget.ts';
import { Operation } from './operation.ts';
import { ProgramCache } from './program-cache.ts';
import { type ReadComponents, readComponentsOf } from './readback.ts';
import { ResidentTextures } from './resident-textures.ts';
import type { GpuTexture } from './texture.ts';
import { TexturePool } from './texture-pool.ts';

export interface DeviceOptions {
  /** Bytes of textures and buffers kept for reuse. Default 1 GiB. */
  readonly budgetBytes?: number;
  /** Bytes that an operation can have at most. Default 2 GiB. */
  readonly operationLimitBytes?: number;
  readonly restrictions?: Restrictions;
  /** How long the GPU is waited for at a time. Default one minute. */
  readonly patienceMs?: number;
}

/** Objects alive on the GPU. The same after every run of the same work: anything else is a leak. */
export interface ResourceCounters {
  readonly textures: number;
  readonly buffers: number;
  readonly programs: number;
  readonly framebuffers: number;
  readonly bytes: number;
}

type State = 'ready' | 'lost' | 'destroyed';

/** One WebGL2 context and everything on it. Survives context losses: what was on the GPU is made again when needed. */
export class Device {
  readonly gl: WebGL2RenderingContext;
  readonly memory: MemoryBudget;
  readonly texturePool: TexturePool;
  readonly bufferPool: BufferPool;
  readonly programs: ProgramCache;
  readonly residentTextures: ResidentTextures;
  readonly patienceMs: number;
  private readonly canvas: ComputeContext['canvas'];
  private readonly restrictions: Restrictions;
  private readonly components = new Map<TextureFormat, ReadComponents>();
  private currentCapabilities: Capabilities;
  private state: State = 'ready';
  private losses = 0;
  /** Why the GPU is not waited for any more, or null. */
  private silence: string | null = null;
  /** Work has failed, and may have left errors that nobody asked for. */
  private mayHaveErrors = false;
  private queue: Promise<unknown> = Promise.resolve();
  private restoredListeners: (() => void)[] = [];

  /** @throws DeviceUnavailableError where there is no WebGL2 */
  constructor({
    budgetBytes = 2 ** 30,
    operationLimitBytes = 2 ** 31,
    restrictions = {},
    patienceMs = 60_000,
  }: DeviceOptions = {}) {
    const { canvas, gl } = createComputeContext();
    this.canvas = canvas;
    this.gl = gl;
    this.restrictions = restrictions;
    this.patienceMs = patienceMs;
    this.currentCapabilities = readCapabilities(gl, restrictions);
    const capabilities = () => this.currentCapabilities;
    this.memory = new MemoryBudget(budgetBytes, operationLimitBytes);
    this.texturePool = new TexturePool(gl, capabilities, this.memory);
    this.bufferPool = new BufferPool(gl, this.memory);
    this.programs = new ProgramCache(gl, capabilities);
    this.residentTextures = new ResidentTextures(this.texturePool, this.memory);
    canvas.addEventListener('webglcontextlost', this.onLost);
    canvas.addEventListener('webglcontextrestored', this.onRestored);
  }

  get capabilities(): Capabilities {
    return this.currentCapabilities;
  }

  /** Changes with every loss: objects of another generation are gone. */
  get generation(): number {
    return this.losses;
  }

  /** Why nothing can be computed right now, or null. */
  get unavailable(): string | null {
    if (this.state === 'destroyed') return 'the GPU device was closed';
    if (this.state === 'lost' || this.gl.isContextLost()) return 'the GPU context is lost and not restored yet';
    return this.silence;
  }

  get counters(): ResourceCounters {
    return {
      textures: this.texturePool.count,
      buffers: this.bufferPool.count,
      programs: this.programs.count,
      framebuffers: this.texturePool.framebufferCount,
      bytes: this.memory.heldBytes,
    };
  }

  /**
   * Runs a piece of work and gives back everything that it acquired. Operations run one after the other, in the order
   * in which they were asked for; one must not wait for another that it starts itself.
   * @param control of the run that the work belongs to, so that waiting for the GPU can be cancelled
   * @throws ContextLostError when the context is lost meanwhile, whatever error that led to
   * @throws GlCallError when WebGL refused a call of the work
   */
  operate<Result>(work: (operation: Operation) => Promise<Result>, control?: RunControl): Promise<Result> {
    const result = this.queue.then(() => this.perform(work, control));
    this.queue = result.catch(() => {});
    return result;
  }

  /** Resolves when the context is usable, at once if it is. Never resolves after destroy. */
  async whenRestored(): Promise<void> {
    if (this.unavailable) await new Promise<void>(resolve => this.restoredListeners.push(resolve));
  }

  /** Gives up what is kept for reuse, after the operations that were asked for: their programs are in use. */
  releaseIdle(): Promise<void> {
    const released = this.queue.then(() => this.freeIdle());
    this.queue = released;
    return released;
  }

  /** Frees textures and buffers that nobody uses; volumes stay. */
  clearPools(): void {
    this.texturePool.clearIdle();
    this.bufferPool.clearIdle();
  }

  /** Frees everything and gives the context back to the browser, which allows only a few. */
  destroy(): void {
    if (this.state === 'destroyed') return;
    this.canvas.removeEventListener('webglcontextlost', this.onLost);
    this.canvas.removeEventListener('webglcontextrestored', this.onRestored);
    this.state = 'destroyed';
    this.losses++; // ends operations under way
    this.freeIdle();
    this.forgetAll();
    this.currentCapabilities.loseContext?.loseContext();
  }

  /** How a target of this texture's format is read here; the driver is asked once per format. */
  readComponents(texture: GpuTexture): ReadComponents {
    const components = this.components.get(texture.format) ?? readComponentsOf(this.gl, texture);
    this.components.set(texture.format, components);
    return components;
  }

  private async perform<Result>(
    work: (operation: Operation) => Promise<Result>,
    control: RunControl | undefined,
  ): Promise<Result> {
    const { unavailable } = this;
    if (unavailable) throw new DeviceUnavailableError(unavailable);
    if (this.mayHaveErrors) forgetGlErrors(this.gl);
    this.mayHaveErrors = false;
    const operation = new Operation(this, control);
    try {
      const result = await work(operation);
      operation.finish();
      return result;
    } catch (error) {
      this.mayHaveErrors = true;
      // A lost context makes calls fail in many ways; there is one cause.
      if (operation.isOutdated) throw new ContextLostError();
      if (error instanceof GpuSilentError) this.silence = `${error.message} before`;
      throw error;
    } finally {
      operation.end();
      this.memory.trim();
    }
  }

  private freeIdle(): void {
    this.residentTextures.clear();
    this.clearPools();
    this.programs.clear();
  }

  private forgetAll(): void {
    this.texturePool.forgetAll();
    this.bufferPool.forgetAll();
    this.programs.forgetAll();
    this.residentTextures.forgetAll();
    this.components.clear();
    this.memory.reset();
  }

  private readonly onLost = (event: Event): void => {
    event.preventDefault(); // without this the browser never restores the context
    this.state = 'lost';
    this.losses++;
    this.forgetAll();
  };

  private readonly onRestored = (): void => {
    this.currentCapabilities = readCapabilities(this.gl, this.restrictions); // extensions have to be asked for again
    this.state = 'ready';
    this.silence = null;
    for (const listener of this.restoredListeners.splice(0)) listener();
  };
}
