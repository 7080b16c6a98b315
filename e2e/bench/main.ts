/** `npm run bench -- calcium`: prints times with their floor. Nothing here is asserted: machines differ. */
import { benchCalciumKernel } from './calcium-kernel.ts';
import { benchCalciumSlider } from './calcium-slider.ts';

const BENCHMARKS: Record<string, () => Promise<void>> = {
  async calcium() {
    await benchCalciumKernel();
    await benchCalciumSlider();
  },
};

const chosen = process.argv[2] ?? 'calcium';
const benchmark = BENCHMARKS[chosen];
if (!benchmark) {
  console.error(`There is no benchmark named ${chosen}. Choose one of: ${Object.keys(BENCHMARKS).join(', ')}.`);
  process.exit(1);
}
await benchmark();
