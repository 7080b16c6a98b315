import { type RunControl, untilAborted } from '../engine/run-control.ts';
import type { BufferUse, GpuBuffer } from './buffer-pool.ts';
import type { Capabilities } from './capabilities.ts';
import type { Device } from './device.ts';
import { ContextLostError, GpuSilentError } from './errors.ts';
import { createFence, passFence } from './fence.ts';
import { TEXTURE_FORMATS, type TexelArray } from './formats.ts';
import { assertNoGlError } from './gl-error.ts';
import { anySamplesPassed } from './occlusion-query.ts';
import { OperationTimes } from './operation-times.ts';
import { clearTarget, drawPass, drawPoints, type Pass, type PointsPass } from './pass.ts';
import { PingPong } from './ping-pong.ts';
import type { GpuProgram, ProgramSource } from './program.ts';
import { finishRead, type ReadRequest, readBytes, startRead } from './readback.ts';
import type { Resident } from './resident-textures.ts';
import { type GpuTexture, type TextureShape, textureTarget } from './texture.ts';
import { TimerQuery } from './timer-query.ts';

/** Part of a texture that an upload fills; layer 0 of plain textures. */
export interface Region {
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly layer: number;
}

/**
 * One piece of work on a device, such as a kernel's run. Everything that it acquires goes back when it ends, also when it
 * fails; nothing acquired may be used afterwards. Made by Device.operate.
 */
export class Operation {
  readonly times = new OperationTimes();
  /** Bytes of arrays that the work made on the processor beside its answer, for the report; the work sets it. */
  workBytes = 0;
  private readonly device: Device;
  private readonly control: RunControl | undefined;
  private readonly signal: AbortSignal | undefined;
  private readonly generation: number;
  private readonly textures: GpuTexture[] = [];
  private readonly buffers: GpuBuffer[] = [];
  private readonly residents: Resident[] = [];
  /** Calls were made of which nobody has asked whether WebGL refused one. */
  private isUnchecked = false;

  /** @param control of the run that this is the work of: it is told while the GPU is waited for, and can end that */
  constructor(device: Device, control?: RunControl) {
    this.device = device;
    this.control = control;
    this.signal = control?.signal;
    this.generation = device.generation;
  }

  get capabilities(): Capabilities {
    return this.device.capabilities;
  }

  /** What is called while the GPU is waited for once, from now on. */
  private waiting(): () => void {
    const since = performance.now();
    const { patienceMs } = this.device;
    return () => {
      this.control?.waiting();
      if (performance.now() - since > patienceMs) throw new GpuSilentError(patienceMs);
    };
  }

  /** A texture with undefined content. */
  texture(shape: TextureShape): GpuTexture {
    this.assertCurrent();
    const texture = this.device.texturePool.acquire(shape);
    this.textures.push(texture);
    return texture;
  }

  /** Two targets of a shape, for passes that each read what the one before wrote. */
  pingPong(shape: TextureShape): PingPong {
    return new PingPong(this.texture(shape), this.texture(shape));
  }

  /** Gives textures back before the operation ends, for its next part to use. */
  release(...textures: readonly GpuTexture[]): void {
    for (const texture of textures) {
      if (remove(this.textures, texture)) this.device.texturePool.release(texture);
    }
  }

  releaseBuffer(buffer: GpuBuffer): void {
    if (remove(this.buffers, buffer)) this.device.bufferPool.release(buffer);
  }

  program(source: ProgramSource): Promise<GpuProgram> {
    this.assertCurrent();
    return untilAborted(this.device.programs.get(source), this.signal);
  }

  /** A vertex buffer that holds these values. */
  vertexBuffer(values: Uint32Array): GpuBuffer {
    const buffer = this.buffer('vertices', values.byteLength);
    const gl = this.calls();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer.handle);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, values);
    gl.bindBuffer(gl.ARRAY_BUFFER, null);
    return buffer;
  }

  /**
   * The texture of a volume that stays on the GPU between operations. `fill` uploads it where it is not there yet, and may
   * take steps.
   * @param layout tells apart the forms in which one volume can lie on the GPU
   */
  async residentTexture(
    volume: object,
    layout: string,
    shape: TextureShape,
    fill: (texture: GpuTexture) => void | Promise<void>,
  ): Promise<GpuTexture> {
    this.assertCurrent();
    const { residentTextures, texturePool } = this.device;
    const known = residentTextures.pin(volume, layout);
    if (known) {
      this.residents.push(known);
      return known.texture;
    }
    const texture = texturePool.acquire(shape);
    try {
      await this.uploading(() => fill(texture));
    } catch (error) {
      texturePool.release(texture);
      throw error;
    }
    this.residents.push(residentTextures.add(volume, layout, texture));
    return texture;
  }

  /** Counts what `upload` does as upload time. The fence makes the time that of the transfer, not of the call. */
  async uploading(upload: () => void | Promise<void>): Promise<void> {
    const started = performance.now();
    await upload();
    await this.fence();
    this.assertNoGlError('uploading'); // what was refused would stay on the GPU as if it were the volume
    this.times.uploadMs += performance.now() - started;
  }

  /** Copies values into part of a texture. */
  upload(texture: GpuTexture, region: Region, values: TexelArray, offset = 0): void {
    this.assertCurrent();
    const gl = this.calls();
    const { uploadFormat, uploadType } = TEXTURE_FORMATS[texture.format];
    const { y, width, height, layer } = region;
    const target = textureTarget(gl, texture);
    gl.bindTexture(target, texture.handle);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    if (texture.layers === undefined) {
      gl.texSubImage2D(target, 0, 0, y, width, height, uploadFormat, uploadType, values, offset);
    } else {
      gl.texSubImage3D(target, 0, 0, y, layer, width, height, 1, uploadFormat, uploadType, values, offset);
    }
    gl.bindTexture(target, null);
  }

  draw(pass: Pass): void {
    this.assertCurrent();
    this.times.startCompute();
    drawPass(this.calls(), pass);
  }

  drawPoints(pass: PointsPass): void {
    this.assertCurrent();
    this.times.startCompute();
    drawPoints(this.calls(), pass);
  }

  clear(target: GpuTexture, rgba: readonly number[]): void {
    this.assertCurrent();
    clearTarget(this.calls(), target, rgba);
  }

  /** Draws with the GPU's own clock running, where it has one; wall clock otherwise. */
  timed(draws: () => void): void {
    const { timerQueries } = this.capabilities;
    this.assertCurrent();
    if (!timerQueries) {
      draws();
      return;
    }
    const query = new TimerQuery(this.device.gl, timerQueries);
    try {
      draws();
    } finally {
      query.end();
      this.times.addQuery(query);
    }
  }

  /**
   * Draws, and tells whether anything was drawn: no point, for one, that lay outside its target. Waits for the GPU.
   * @throws ContextLostError
   */
  async drawsAnything(draw: () => void): Promise<boolean> {
    this.assertCurrent();
    const drawn = await anySamplesPassed(this.calls(), draw, this.waiting());
    this.assertCurrent();
    return drawn;
  }

  /**
   * Waits for the passes drawn so far and copies a target's first texels into an array, without blocking the thread.
   * @throws ContextLostError, GlCallError; the destination may then hold anything and must not be used
   */
  async read(request: ReadRequest): Promise<void> {
    this.assertCurrent();
    const gl = this.calls();
    const components = this.device.readComponents(request.source);
    const buffer = this.buffer('pixels', readBytes(request, components));
    // Two fences tell computing from copying where the GPU has no clock.
    const drawn = createFence(gl);
    startRead(gl, request, components, buffer);
    const copied = createFence(gl);
    await passFence(gl, drawn, this.waiting());
    this.times.startReadback();
    await passFence(gl, copied, this.waiting());
    this.assertCurrent();
    finishRead(gl, request, components, buffer);
    this.assertCurrent(); // a loss during the copy leaves the destination as it was
    this.assertNoGlError('computing'); // so does a refused call, and a refused draw leaves the target as it was
    this.releaseBuffer(buffer);
    this.times.endReadback();
  }

  /** The work is done: nothing of it may have been refused. @throws GlCallError */
  finish(): void {
    if (this.isUnchecked) this.assertNoGlError('computing');
  }

  /** Gives everything back. */
  end(): void {
    this.times.discard();
    const { texturePool, bufferPool, residentTextures } = this.device;
    for (const texture of this.textures) texturePool.release(texture);
    for (const buffer of this.buffers) bufferPool.release(buffer);
    for (const resident of this.residents) residentTextures.unpin(resident);
  }

  /** The context was lost since the operation began, even if it is restored by now. */
  get isOutdated(): boolean {
    return this.generation !== this.device.generation || this.device.gl.isContextLost();
  }

  /** @throws ContextLostError */
  assertCurrent(): void {
    if (this.isOutdated) throw new ContextLostError();
  }

  /** The context, for calls that may be refused. */
  private calls(): WebGL2RenderingContext {
    this.isUnchecked = true;
    return this.device.gl;
  }

  private assertNoGlError(doing: string): void {
    this.isUnchecked = false;
    assertNoGlError(this.device.gl, doing);
  }

  private buffer(use: BufferUse, bytes: number): GpuBuffer {
    this.assertCurrent();
    const buffer = this.device.bufferPool.acquire(use, bytes);
    this.buffers.push(buffer);
    return buffer;
  }

  private async fence(): Promise<void> {
    this.assertCurrent();
    await passFence(this.device.gl, createFence(this.device.gl), this.waiting());
    this.assertCurrent();
  }
}

/** Takes an item out of a list. False when it is not in it. */
function remove<Item>(items: Item[], item: Item): boolean {
  const index = items.indexOf(item);
  if (index >= 0) items.splice(index, 1);
  return index >= 0;
}
