import { GrowingArray } from '../growing-array.ts';
import type { LabeledRuns } from './index.ts';

/**
 * Runs and their components from label images, batch after batch of whole slices. A pixel's label is the number, from 1,
 * of its component's first pixel in the batch.
 */
export class LabelImageReader {
  private readonly width: number;
  private readonly outside: number;
  private readonly start = new GrowingArray(Int32Array);
  private readonly end = new GrowingArray(Int32Array);
  private readonly label = new GrowingArray(Int32Array);
  private readonly rowStart: Int32Array;
  private row = 0;
  private count = 0;

  /** @param outside the label of pixels outside all components */
  constructor(width: number, rows: number, outside: number) {
    this.width = width;
    this.rowStart = new Int32Array(rows + 1);
    this.outside = outside;
  }

  /** The most that was held at once, the result included. */
  get peakBytes(): number {
    return this.rowStart.byteLength + this.start.peakBytes + this.end.peakBytes + this.label.peakBytes;
  }

  append(image: Float32Array): void {
    const { width, outside, start, end, label } = this;
    const componentOf = new Int32Array(image.length); // by first pixel
    for (let first = 0; first < image.length; first += width) {
      const rowEnd = first + width;
      for (let pixel = first; pixel < rowEnd; pixel++) {
        const own = image[pixel]!;
        if (own === outside) continue;
        const from = pixel;
        while (pixel < rowEnd && image[pixel] !== outside) pixel++;
        start.push(from - first);
        end.push(pixel - first);
        // The first pixel of a component begins its first run, so numbers are given in raster order.
        if (own - 1 === from) componentOf[from] = this.count++;
        label.push(componentOf[own - 1]!);
      }
      this.rowStart[++this.row] = start.length;
    }
  }

  result(): LabeledRuns {
    const { start, end, rowStart, label, count } = this;
    const runs = { start: start.take(), end: end.take(), rowStart, count: start.length };
    return { runs, labels: { label: label.take(), count } };
  }
}
