import { CHROMIUM_ARGUMENTS } from '../support/chromium.ts';

/** In software, the same on every machine, or on the GPU as a visitor's browser does it. The table names the renderer. */
export function browserArguments(gpu = process.env.BENCH_GPU): readonly string[] {
  if (!gpu) return CHROMIUM_ARGUMENTS;
  const others = CHROMIUM_ARGUMENTS.filter(argument => !argument.includes('swiftshader'));
  return [...others, '--enable-gpu', `--use-angle=${gpu === '1' ? 'default' : gpu}`];
}
