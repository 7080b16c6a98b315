/**
 * A process of its own for the largest series, so that its memory is not that of anything before: 512 x 512 slices of 60 time
 * points. Arguments: the method, slices, runs. Sends LargeTimes.
 */

import type { DeconvolutionMethodName } from '@voxelwise/perfusion/core';
import { ownMemory } from '../process-memory.ts';
import type { Timing } from '../statistics.ts';
import { surveyHere, timeCopy, timeMaps, withSeries } from './engine.ts';
import { mapsParameters, strokeSeries } from './series.ts';

export interface LargeTimes {
  readonly timing: Timing;
  readonly floor: Timing;
  readonly volumeBytes: number;
  /** Most memory with the volume: by the engine's account, and of the whole process by the system's (Linux). */
  readonly engineBytes: number;
  readonly processBytes: number | null;
}

const SIDE = 512;
/** So many are made, and repeated. */
const OWN_SLICES = 4;

const [method, slicesText, runsText] = process.argv.slice(2) as [DeconvolutionMethodName, string, string];
const slices = Number(slicesText);
const runs = Number(runsText);

const own = strokeSeries(SIDE, OWN_SLICES);
const survey = await surveyHere(own);
const tissueMask = new Uint8Array(SIDE * SIDE * slices);
const ownLength = survey.tissueMask.length;
for (let at = 0; at < tissueMask.length; at += ownLength) {
  tissueMask.set(survey.tissueMask.subarray(0, Math.min(ownLength, tissueMask.length - at)), at);
}
const series = strokeSeries(SIDE, slices, OWN_SLICES, true);
const parameters = mapsParameters(series.survey, { ...survey, tissueMask }, method);
(globalThis as { gc?: () => void }).gc?.(); // what making the series took is not the run's
const memory = ownMemory();
const { timing, peakBytes } = await withSeries(series, engine => timeMaps(engine, parameters, runs));
const used = memory?.();
const times: LargeTimes = {
  timing,
  floor: await timeCopy(series.volume, runs),
  volumeBytes: series.volume.voxels.byteLength,
  engineBytes: peakBytes,
  processBytes: used ? used.beforeBytes + used.peakAboveBytes : null,
};
process.send?.(times, () => process.disconnect());
