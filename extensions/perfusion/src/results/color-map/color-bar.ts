import type { DisplayRange } from './render-map.ts';

/** A mark beside a color bar. */
export interface ColorBarTick {
  readonly value: number;
  /** Place from the low end (0) to the high end (1). */
  readonly position: number;
  readonly label: string;
}

/** Steps between marks, times a power of ten. */
const STEPS = [1, 2, 5, 10];

/**
 * Round values within a range, both ends included where they are round.
 * @param most marks at most, 2 or more
 */
export function colorBarTicks([low, high]: DisplayRange, most = 7): ColorBarTick[] {
  const roughStep = (high - low) / Math.max(1, most - 1);
  const power = 10 ** Math.floor(Math.log10(roughStep));
  const step = power * STEPS.find(candidate => candidate * power >= roughStep * (1 - 1e-9))!;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: ColorBarTick[] = [];
  for (let count = Math.ceil(low / step - 1e-9); count * step <= high + step * 1e-9; count++) {
    const value = Number((count * step).toFixed(decimals));
    ticks.push({ value, position: (value - low) / (high - low), label: value.toFixed(decimals) });
  }
  return ticks;
}
