/** The compute engine: kernels with equal producers, run in a worker or in the calling thread. */

export type { Engine, VolumeSource } from './engine/engine.ts';
export { UnknownVolumeError } from './engine/engine.ts';
export type { Kernel, KernelResult, Producer, ProducerImplementation, RunOptions, RunReport } from './engine/kernel.ts';
export { PRODUCER_ORDER, runKernel } from './engine/kernel.ts';
export { createLocalEngine } from './engine/local-engine.ts';
export { createWorkerEngine } from './engine/worker-engine.ts';
export type { ThresholdMaskParameters } from './kernels/threshold-mask/index.ts';
export { isInt16Volume, thresholdMaskKernel } from './kernels/threshold-mask/index.ts';
export { thresholdMaskWasm } from './kernels/threshold-mask/wasm.ts';
export type { VoxelArray, VoxelVolume } from './volume.ts';
export { assertVolume } from './volume.ts';
