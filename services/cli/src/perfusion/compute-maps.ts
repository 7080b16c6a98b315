import { createLocalEngine, type RunReport } from '@voxelwise/compute';
import {
  ArterialInputError,
  type DeconvolutionMethod,
  type DynamicVolume,
  type PerfusionMaps,
  type Smoothing,
  smoothingWeights,
  type TissueConstants,
} from '@voxelwise/perfusion/core';
import { fittingParameters, type MapsParameters, mapsKernel } from '@voxelwise/perfusion/kernels';
import { Refusal } from '../refusal.ts';
import type { SurveyedSeries } from './survey-series.ts';

/** How maps are computed. */
export interface MapSettings {
  readonly runs: readonly MapRun[];
  readonly smoothing: Smoothing;
  readonly constants: TissueConstants;
}

export interface MapRun {
  readonly method: DeconvolutionMethod;
  /** Where maps are computed, and within which is smoothed. */
  readonly mask: Uint8Array;
}

export interface ComputedMaps {
  readonly maps: PerfusionMaps;
  readonly report: RunReport;
}

const VOLUME_ID = 'series';

/**
 * Maps of every run, in their order.
 * @throws Refusal where the arterial curve cannot be deconvolved by.
 */
export async function computeMaps(
  volume: DynamicVolume,
  { survey: { baseline }, input }: SurveyedSeries,
  { runs, smoothing, constants }: MapSettings,
  onProgress: (part: number) => void,
): Promise<ComputedMaps[]> {
  const {
    voxels,
    dimensions: [nx, ny, nz],
    timePoints,
    intervalS,
    signal,
    spacingMm,
  } = volume;
  const stored = { voxels, dimensions: [nx, ny * timePoints, nz] as const };
  const parametersOfRuns = runs.map(
    ({ method, mask }): MapsParameters => ({
      ...{ timePoints, intervalS, signal, baseline, mask, method, constants },
      smoothing: smoothingWeights(smoothing, intervalS, spacingMm),
      aif: input.curve,
    }),
  );
  // Asked here, because the engine tells of an error as one of each producer.
  for (const parameters of parametersOfRuns) refusing(() => fittingParameters(stored, parameters));
  const engine = createLocalEngine();
  try {
    await engine.loadVolume(VOLUME_ID, () => stored);
    const computed: ComputedMaps[] = [];
    for (const [index, parameters] of parametersOfRuns.entries()) {
      const run = await engine.run(mapsKernel, VOLUME_ID, parameters, {
        onProgress: part => onProgress((index + part) / runs.length),
      });
      computed.push({ maps: run.output, report: run.report });
    }
    return computed;
  } finally {
    engine.destroy();
  }
}

function refusing(ask: () => unknown): void {
  try {
    ask();
  } catch (error) {
    throw error instanceof ArterialInputError ? new Refusal(error.message) : error;
  }
}
