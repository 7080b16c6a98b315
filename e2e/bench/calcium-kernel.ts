import { cpus } from 'node:os';
import { DEFAULT_CONVENTION } from '@voxelwise/calcium/core';
import { lesionsKernel } from '@voxelwise/calcium/kernels';
import { runKernel, thresholdMaskWasm } from '@voxelwise/compute';
import { componentStatistics, labelRuns, runsFromMask, thresholdMask } from '@voxelwise/compute/twins';
import { calciumVolume64 } from './calcium-volume.ts';
import { measure, row } from './statistics.ts';

/** Threshold, labels, areas and peaks of a 512 x 512 x 64 volume, by both producers, after comparing their answers. */
export async function benchCalciumKernel(): Promise<void> {
  const volume = calciumVolume64();
  const parameters = { spacingMm: volume.spacingMm, convention: DEFAULT_CONVENTION };
  const threshold = DEFAULT_CONVENTION.thresholdHu;
  const statisticsOf = (mask: Awaited<ReturnType<typeof thresholdMaskWasm>>) => {
    const runs = runsFromMask(mask);
    const labels = labelRuns(runs, 512, 8);
    return { runs, labels, statistics: componentStatistics(runs, labels, volume.voxels, 512) };
  };
  const wasm = async () => statisticsOf(await thresholdMaskWasm(volume, threshold));
  const twin = () => statisticsOf(thresholdMask(volume, threshold));
  const lesions = (producer: 'wasm' | 'ts') => () => runKernel(lesionsKernel, volume, parameters, { producer });

  const [a, b] = [await wasm(), twin()];
  const isEqual =
    a.labels.count === b.labels.count &&
    a.statistics.peak.every((peak, i) => peak === b.statistics.peak[i]) &&
    a.statistics.voxelCount.every((count, i) => count === b.statistics.voxelCount[i]);
  if (!isEqual) throw new Error('The producers disagree; no time is printed for a wrong answer.');

  const copy = new Int16Array(volume.voxels.length).fill(1);
  const floor = await measure(() => copy.set(volume.voxels));
  console.log(
    `512 x 512 x 64, threshold ${threshold} HU, 8-connected: ${a.labels.count} components, ${a.runs.count} runs`,
  );
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}, one thread\n`,
  );
  console.log(row('floor: copy of the volume', floor, floor));
  console.log(row('WASM: threshold, labels, areas, peaks', await measure(wasm), floor));
  console.log(row('TypeScript: the same', await measure(twin), floor));
  console.log(row('WASM: calcium.lesions (with sizes and 3D lesions)', await measure(lesions('wasm')), floor));
  console.log(row('TypeScript: calcium.lesions', await measure(lesions('ts')), floor));
}
