/** What the command calls in Chromium: maps by WebAssembly and by WebGL2 on the same series. */

import { createWorkerEngine, type Producer } from '@voxelwise/compute';
import type { DeconvolutionMethodName, Survey } from '@voxelwise/perfusion/core';
import { mapsKernel, surveyKernel } from '@voxelwise/perfusion/kernels';
import { summarize, type Timing } from '../../statistics.ts';
import { mapsParameters, strokeSeries } from '../series.ts';

export interface PageRun {
  readonly slices: number;
  readonly runs: number;
  readonly method: DeconvolutionMethodName;
  /** Null: the engine's choice. */
  readonly producer: Producer | null;
  readonly workers: number;
}

export interface PageTimes {
  /** What computed, and how long the first run took, with starting, compiling and choosing. */
  readonly computedBy: Producer;
  readonly firstMs: number;
  readonly timing: Timing;
  readonly deviceName: string;
  readonly workers: number;
  /** Of the last run, where the producer can tell. */
  readonly uploadMs?: number;
  readonly computeMs?: number;
  readonly readbackMs?: number;
}

const SERIES = 'series';
let made: { readonly slices: number; readonly series: ReturnType<typeof strokeSeries>; survey?: Survey } | undefined;

const page = {
  /** The first run starts and compiles, and does not count. */
  async run({ slices, runs, method, producer, workers }: PageRun): Promise<PageTimes> {
    made = made?.slices === slices ? made : { slices, series: strokeSeries(256, slices) };
    const { volume, survey: known } = made.series;
    const startWorker = () => new Worker('/worker.js', { type: 'module' });
    const engine = createWorkerEngine(startWorker, {
      workers,
      split: workers > 1 && producer ? 'always' : 'when it pays',
    });
    try {
      // A copy: the engine takes the array away.
      await engine.loadVolume(SERIES, () => ({ ...volume, voxels: volume.voxels.slice() }));
      if (!made.survey) {
        const { output } = await engine.run(surveyKernel, SERIES, known);
        if (!output.survey) throw new Error(output.refusal);
        made = { ...made, survey: output.survey };
      }
      const parameters = mapsParameters(known, made.survey!, method);
      const times: number[] = [];
      let firstMs = 0;
      for (let run = 0; ; run++) {
        const started = performance.now();
        const { report } = await engine.run(mapsKernel, SERIES, parameters, producer ? { producer } : {});
        if (run === 0) firstMs = performance.now() - started;
        else times.push(report.milliseconds);
        if (run < runs) continue;
        const { deviceName = '', uploadMs, computeMs, readbackMs } = report;
        const parts = {
          uploadMs: uploadMs ?? Number.NaN,
          computeMs: computeMs ?? Number.NaN,
          readbackMs: readbackMs ?? Number.NaN,
        };
        return {
          computedBy: report.producer,
          firstMs,
          timing: summarize(times),
          deviceName,
          workers: report.workers ?? 1,
          ...(uploadMs !== undefined && parts),
        };
      }
    } finally {
      engine.destroy();
    }
  },
};

export type PerfusionBenchPage = typeof page;
Object.assign(globalThis, { perfusionBench: page });
