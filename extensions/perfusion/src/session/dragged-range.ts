import type { DisplayRange } from '../results/index.ts';
import type { GrayWindow } from './pictures.ts';

/** A change by more than this part of the window is a preset that was chosen, and no step of a drag. */
const LARGEST_STEP = 0.5;
/** A range stays this part of the usual one wide, at least. */
const LEAST_WIDTH = 0.02;
/** Ranges change in steps of this part of the usual one. */
const STEP = 0.005;

/**
 * The range of a map after a step of the host's window tool over its view. The tool changes the window of the image under the map,
 * which nobody sees: the range is changed by the same parts.
 * @returns null where nothing has changed, or the window was set to something else
 */
export function draggedRange(
  [low, high]: DisplayRange,
  usual: DisplayRange,
  before: GrayWindow,
  after: GrayWindow,
): DisplayRange | null {
  const width = before.upper - before.lower;
  const [lowPart, highPart] = [(after.lower - before.lower) / width, (after.upper - before.upper) / width];
  const isStep = Math.max(Math.abs(lowPart), Math.abs(highPart)) <= LARGEST_STEP;
  if (!isStep || (lowPart === 0 && highPart === 0)) return null;
  const usualWidth = usual[1] - usual[0];
  const step = usualWidth * STEP;
  const round = (value: number) => Number((Math.round(value / step) * step).toPrecision(6));
  const newLow = round(low + lowPart * (high - low));
  const newHigh = round(Math.max(high + highPart * (high - low), newLow + usualWidth * LEAST_WIDTH));
  return newLow === low && newHigh === high ? null : [newLow, newHigh];
}

/** The windows of the images in the views, as they were drawn last. */
export interface WindowMemory {
  /**
   * Remembers what a view shows now.
   * @returns the window that the view had before on the same slice of the same series; null where it showed another image, which
   * brings a window of its own: scrolling is no drag
   */
  remember(viewportId: string, shown: ShownWindow): GrayWindow | null;
}

/** A view's image, and the window over it. */
export interface ShownWindow {
  readonly series: object | null;
  readonly slice: number;
  readonly window: GrayWindow | null;
}

export function createWindowMemory(): WindowMemory {
  const windows = new Map<string, ShownWindow>();
  return {
    remember(viewportId, shown) {
      const last = windows.get(viewportId);
      windows.set(viewportId, shown);
      return last?.slice === shown.slice && last.series === shown.series ? last.window : null;
    },
  };
}
