import type { ProducerImplementation } from '../engine/kernel.ts';
import type { RunControl } from '../engine/run-control.ts';
import type { VoxelVolume } from '../volume.ts';
import { isWebgl2Runtime } from './context.ts';
import type { Operation } from './operation.ts';
import { isOnGpu, sharedDevice, sharedDeviceName } from './shared-device.ts';

/** What a kernel says of its WebGL2 producer; everything around it is the same for all. */
export interface Webgl2Work<Volume extends VoxelVolume, Parameters, Output> {
  /** Why this thread's GPU cannot do this, or null when it can. */
  readonly unavailable: (volume: VoxelVolume, parameters: Parameters) => string | null;
  /** How a volume lies on the GPU between runs: the layout that `compute` asks residentTexture for. */
  readonly layout: string;
  /** Called with what is available only. */
  readonly compute: (
    operation: Operation,
    volume: Volume,
    parameters: Parameters,
    control?: RunControl,
  ) => Promise<Output>;
}

/** A producer that runs on this thread's device and notes where its time went. */
export function webgl2Producer<Volume extends VoxelVolume, Parameters, Output>({
  unavailable,
  layout,
  compute,
}: Webgl2Work<Volume, Parameters, Output>): ProducerImplementation<Parameters, Output> {
  return {
    supported: isWebgl2Runtime,
    unavailable,
    deviceName: sharedDeviceName,
    isResident: volume => isOnGpu(volume, layout),
    run: (volume, parameters, measurement, control) =>
      sharedDevice().operate(async operation => {
        // `unavailable` said that the volume has the type that the work asks for.
        const output = await compute(operation, volume as Volume, parameters, control);
        if (measurement) Object.assign(measurement, await operation.times.split(), { workBytes: operation.workBytes });
        return output;
      }, control),
  };
}
