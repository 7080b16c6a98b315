import { ensureBytes } from '@voxelwise/compute';
import moduleBase64 from './maps.wasm.generated.ts';

/** Functions of maps.wat; addresses are in bytes. */
interface MapsExports {
  readonly memory: WebAssembly.Memory;
  smooth_rows(
    source: number,
    target: number,
    rows: number,
    columns: number,
    stride: number,
    weights: number,
    taps: number,
  ): void;
  smooth_columns(
    source: number,
    target: number,
    scale: number,
    rows: number,
    columns: number,
    stride: number,
    weights: number,
    taps: number,
  ): void;
  sums_and_peaks(curves: number, blocks: number, timePoints: number, padded: number, sums: number, peaks: number): void;
  linear(
    curves: number,
    blocks: number,
    padded: number,
    matrix: number,
    rows: number,
    samples: number,
    residues: number,
    largest: number,
    indices: number,
  ): void;
  oscillation_limited(
    curves: number,
    blocks: number,
    padded: number,
    samples: number,
    matrix: number,
    spectrum: number,
    spectrumRows: number,
    waves: number,
    parities: number,
    levels: number,
    levelCount: number,
    target: number,
    residues: number,
    parts: number,
    largest: number,
    indices: number,
  ): void;
  lucy_richardson(
    curves: number,
    blocks: number,
    padded: number,
    samples: number,
    noise: number,
    forward: number,
    backward: number,
    taps: number,
    firstLag: number,
    inverseWeights: number,
    inverseArea: number,
    maximumIterations: number,
    noiseFactor: number,
    backgroundPerNoise: number,
    backgroundPerMaximum: number,
    leastStart: number,
    floor: number,
    scratch: number,
    stride: number,
    reach: number,
    largest: number,
    indices: number,
  ): void;
}

/** An instance with its memory, of which parts are handed out one after the other. */
export class MapsModule {
  readonly exports: MapsExports;
  private end = 0;

  constructor(exports: MapsExports) {
    this.exports = exports;
  }

  /** Everything that was placed is given up. */
  clear(): void {
    this.end = 0;
  }

  /** Room for so many values. Views that were made before are useless. @returns its address */
  place(values: number): number {
    const address = this.end;
    this.end += Math.ceil(values / 4) * 16;
    ensureBytes(this.exports.memory, this.end + 64); // a SIMD load may reach past the last value
    return address;
  }

  /** Places a list of numbers. */
  placeValues(values: ArrayLike<number>): number {
    const address = this.place(values.length);
    this.view(address, values.length).set(values);
    return address;
  }

  /** Places a list of 32-bit integers. */
  placeIntegers(values: ArrayLike<number>): number {
    const address = this.place(values.length);
    new Int32Array(this.exports.memory.buffer, address, values.length).set(values);
    return address;
  }

  /** Good until something is placed. */
  view(address: number, values: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.exports.memory.buffer, address, values);
  }
}

let compiled: Promise<WebAssembly.Module> | undefined;
const idle: MapsModule[] = [];
const all: MapsModule[] = [];

/** Compiled once per thread. A host whose security policy forbids WebAssembly makes this reject. */
export function compileMapsModule(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(Uint8Array.from(atob(moduleBase64), character => character.charCodeAt(0)));
  return compiled;
}

/** Bytes of the memories of this thread, which are never given back. */
export const heldBytes = () => all.reduce((sum, { exports }) => sum + exports.memory.buffer.byteLength, 0);

/**
 * Works with an instance that nobody else uses meanwhile, also while the work waits for a step: two runs of a thread have
 * two. It stays for the next run.
 */
export async function withMapsModule<Result>(work: (module: MapsModule) => Promise<Result>): Promise<Result> {
  const module = idle.pop() ?? (await newModule());
  module.clear();
  try {
    return await work(module);
  } finally {
    idle.push(module);
  }
}

async function newModule(): Promise<MapsModule> {
  const { exports } = await WebAssembly.instantiate(await compileMapsModule());
  const module = new MapsModule(exports as unknown as MapsExports);
  all.push(module);
  return module;
}
