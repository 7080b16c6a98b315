/** The compute engine: kernels with equal producers, run in a worker or in the calling thread. */

export type { Calibration } from './engine/calibration.ts';
export { createCalibration } from './engine/calibration.ts';
export type { CalibrationStore } from './engine/calibration-store.ts';
export { indexedDbCalibrationStore } from './engine/calibration-store.ts';
export type { Engine, LoadOptions, VolumeSource } from './engine/engine.ts';
export { UnknownVolumeError } from './engine/engine.ts';
export type {
  AnyKernel,
  Kernel,
  KernelResult,
  Producer,
  ProducerImplementation,
  RunMeasurement,
  RunOptions,
  RunReport,
  Sample,
  SlabOutput,
  Slabs,
} from './engine/kernel.ts';
export { PRODUCER_ORDER } from './engine/kernel.ts';
export { latestOnly } from './engine/latest-only.ts';
export { assertVolumeSize, TooLargeError } from './engine/limits.ts';
export { createLocalEngine } from './engine/local-engine.ts';
export { PRODUCER_NAMES, producerNotice } from './engine/producer-notice.ts';
export type { OnProgress, RunControl } from './engine/run-control.ts';
export { isAbortError, partOf, takeSteps } from './engine/run-control.ts';
export { runKernel } from './engine/run-kernel.ts';
export { middleOf } from './engine/sample.ts';
export type { WorkerEngineOptions } from './engine/worker-engine.ts';
export { createWorkerEngine } from './engine/worker-engine.ts';
export type { ConnectedComponents, ConnectedComponentsParameters } from './kernels/connected-components/index.ts';
export { connectedComponentsKernel } from './kernels/connected-components/index.ts';
export type { FinishRuns } from './kernels/connected-components/threshold-runs.ts';
export { neededBytesOfRuns, producersFromRuns, workOfRuns } from './kernels/connected-components/threshold-runs.ts';
export { convolutionKernel } from './kernels/convolution/index.ts';
export type { SeparableWeights } from './kernels/convolution/twin.ts';
export type { GpuLabelsParameters, LabeledRuns } from './kernels/gpu-labels/index.ts';
export { gpuLabelsKernel } from './kernels/gpu-labels/index.ts';
export { histogramKernel } from './kernels/histogram/index.ts';
export type { HistogramParameters } from './kernels/histogram/twin.ts';
export { labelStatisticsKernel } from './kernels/label-statistics/index.ts';
export type { LabelStatistics, LabelStatisticsParameters } from './kernels/label-statistics/twin.ts';
export { reductionKernel } from './kernels/reduction/index.ts';
export type { Reduction } from './kernels/reduction/twin.ts';
export { COMPUTE_KERNELS } from './kernels/registered.ts';
export { inRowBands } from './kernels/row-bands.ts';
export type { ThresholdMaskParameters } from './kernels/threshold-mask/index.ts';
export { thresholdMaskKernel } from './kernels/threshold-mask/index.ts';
export { thresholdMaskWasm } from './kernels/threshold-mask/wasm.ts';
export { ensureBytes, instantiateWasm, wasmUnavailable } from './kernels/wasm-module.ts';
export type { BitMask } from './twins/bit-mask.ts';
export type { ComponentStatistics } from './twins/component-statistics.ts';
export type { ComponentLabels } from './twins/connected-components.ts';
export type { RunList } from './twins/runs.ts';
export type { Connectivity } from './twins/touching-runs.ts';
export type { ValuedRuns } from './twins/valued-runs.ts';
export type { Int16Volume, VoxelArray, VoxelVolume } from './volume.ts';
export { assertVolume, isInt16Volume } from './volume.ts';
export type { DeviceOptions, ResourceCounters } from './webgl2/device.ts';
export type { GpuMemoryLimits } from './webgl2/shared-device.ts';
export { configureSharedDevice, destroySharedDevice, sharedDeviceName } from './webgl2/shared-device.ts';
