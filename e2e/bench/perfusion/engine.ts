import { createWorkerEngine, type Engine, runKernel, type VoxelVolume } from '@voxelwise/compute';
import type { Survey } from '@voxelwise/perfusion/core';
import { type MapsParameters, mapsKernel, type SurveyOutcome, surveyKernel } from '@voxelwise/perfusion/kernels';
import { measure, summarize, type Timing } from '../statistics.ts';
import { startNodeWorker } from './node-worker.ts';
import type { BenchSeries } from './series.ts';

/** As many as there are cores on the machine that the goals are for. */
const WORKERS = 2;
const SERIES = 'series';

/** An engine of two worker threads that holds a series. */
export async function withSeries<Result>(
  { volume }: BenchSeries,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  const engine = createWorkerEngine(startNodeWorker, { workers: WORKERS, split: 'always' });
  try {
    await engine.loadVolume(SERIES, () => volume);
    return await work(engine);
  } finally {
    engine.destroy();
  }
}

export interface MapsTimes {
  readonly timing: Timing;
  /** The engine's own account of the most memory, the volume included. */
  readonly peakBytes: number;
}

/** All maps by WebAssembly in both workers; the first run starts and compiles, and does not count. */
export async function timeMaps(engine: Engine, parameters: MapsParameters, runs: number): Promise<MapsTimes> {
  const times: number[] = [];
  let peakBytes = 0;
  for (let run = 0; run <= runs; run++) {
    const { report } = await engine.run(mapsKernel, SERIES, parameters, { producer: 'wasm' });
    peakBytes = Math.max(peakBytes, report.peakBytes ?? 0);
    if (run > 0) times.push(report.milliseconds);
  }
  return { timing: summarize(times), peakBytes };
}

/** The survey by one worker. */
export async function timeSurvey(engine: Engine, series: BenchSeries, runs: number) {
  const times: number[] = [];
  for (;;) {
    const { output, report } = await engine.run(surveyKernel, SERIES, series.survey);
    times.push(report.milliseconds);
    if (times.length >= runs) return { survey: surveyOf(output), timing: summarize(times) };
  }
}

/** Baseline, artery and tissue of a series, in this thread. */
export async function surveyHere({ volume, survey }: BenchSeries): Promise<Survey> {
  return surveyOf((await runKernel(surveyKernel, volume, survey)).output);
}

function surveyOf({ survey, refusal }: SurveyOutcome): Survey {
  if (!survey) throw new Error(refusal);
  return survey;
}

/** The floor: every voxel is read and written once, by one thread. */
export function timeCopy({ voxels }: VoxelVolume, runs: number): Promise<Timing> {
  const copy = new Int16Array(voxels.length).fill(1);
  return measure(() => copy.set(voxels), { warmUps: 1, runs });
}
