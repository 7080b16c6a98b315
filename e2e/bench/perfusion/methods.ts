import { runKernel } from '@voxelwise/compute';
import { DECONVOLUTION_METHODS, type DeconvolutionMethodName } from '@voxelwise/perfusion/core';
import { mapsKernel } from '@voxelwise/perfusion/kernels';
import { measure, type Timing } from '../statistics.ts';
import { type MapsTimes, timeCopy, timeMaps, timeSurvey, withSeries } from './engine.ts';
import { mapsParameters, strokeSeries } from './series.ts';

/** Times of one method, all five maps at once. */
export interface MethodTimes extends MapsTimes {
  /** The middle slice alone, in one thread: WebAssembly, and the Float64 twin. */
  readonly slice: Timing;
  readonly twinSlice: Timing;
}

export interface AllMethodTimes {
  readonly floor: Timing;
  readonly survey: Timing;
  readonly voxels: number;
  readonly voxelsInMask: number;
  readonly methods: ReadonlyMap<DeconvolutionMethodName, MethodTimes>;
}

/** All methods on slices of 256 x 256 and 60 time points. */
export async function timeMethods(slices: number, runs: number): Promise<AllMethodTimes> {
  const series = strokeSeries(256, slices, slices, true);
  const floor = await timeCopy(series.volume, runs);
  return withSeries(series, async engine => {
    process.stderr.write('survey ...\n');
    const { survey, timing } = await timeSurvey(engine, series, Math.min(3, runs));
    const methods = new Map<DeconvolutionMethodName, MethodTimes>();
    for (const method of DECONVOLUTION_METHODS) {
      process.stderr.write(`${method} ...\n`);
      const parameters = mapsParameters(series.survey, survey, method);
      const times = await timeMaps(engine, parameters, runs);
      const slice = mapsKernel.sample!(series.volume, parameters, series.volume.voxels.byteLength / slices)!;
      const inThread = (producer: 'wasm' | 'ts') => () =>
        runKernel(mapsKernel, slice.volume, slice.parameters, { producer });
      methods.set(method, {
        ...times,
        slice: await measure(inThread('wasm'), { warmUps: 2, runs }),
        twinSlice: await measure(inThread('ts'), { warmUps: 0, runs: Math.min(2, runs) }),
      });
    }
    const voxelsInMask = survey.tissueMask.reduce((sum, inside) => sum + inside, 0);
    return { floor, survey: timing, voxels: survey.tissueMask.length, voxelsInMask, methods };
  });
}
