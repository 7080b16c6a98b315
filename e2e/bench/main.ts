/** `npm run bench -- <name>`: prints times with their floor. Nothing here is asserted: machines differ. */

import path from 'node:path';
import { REPOSITORY } from '../support/paths.ts';

/** Each loads what it needs and nothing else. */
const BENCHMARKS: Record<string, (commandLine: readonly string[]) => Promise<void>> = {
  async calcium() {
    const { benchCalciumKernel } = await import('./calcium-kernel.ts');
    const { benchCalciumSlider } = await import('./calcium-slider.ts');
    await benchCalciumKernel();
    await benchCalciumSlider();
  },
  async compute(commandLine) {
    const { benchCompute } = await import('./compute.ts');
    await benchCompute(commandLine);
  },
  async data(commandLine) {
    const { benchDataService } = await import('@voxelwise/data/bench');
    await benchDataService(commandLine, path.join(REPOSITORY, '.voxelwise', 'bench'));
  },
  async perfusion(commandLine) {
    const { benchPerfusion } = await import('./perfusion/main.ts');
    await benchPerfusion(commandLine);
  },
  async 'perfusion-scrubber'() {
    const { benchPerfusionScrubber } = await import('./perfusion-scrubber.ts');
    await benchPerfusionScrubber();
  },
};

const [chosen = 'calcium', ...commandLine] = process.argv.slice(2);
const benchmark = BENCHMARKS[chosen];
if (!benchmark) {
  console.error(`There is no benchmark named ${chosen}. Choose one of: ${Object.keys(BENCHMARKS).join(', ')}.`);
  process.exit(1);
}
try {
  await benchmark(commandLine);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
