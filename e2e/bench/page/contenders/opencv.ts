import { THRESHOLD_HU } from '../answers.ts';
import type { Contender, OpenContender } from './contender.ts';

/** The part of OpenCV's interface that is used here. Its own types describe it as a namespace. */
interface Mat {
  readonly data16S: Int16Array;
  readonly data32S: Int32Array;
  convertTo(target: Mat, type: number): void;
  intAt(row: number, column: number): number;
  delete(): void;
}

interface OpenCv {
  readonly Mat: new (rows?: number, columns?: number, type?: number) => Mat;
  readonly CV_16SC1: number;
  readonly CV_8U: number;
  readonly CV_32S: number;
  readonly THRESH_BINARY: number;
  readonly CC_STAT_AREA: number;
  threshold(source: Mat, target: Mat, threshold: number, maximum: number, type: number): void;
  connectedComponentsWithStats(
    mask: Mat,
    labels: Mat,
    statistics: Mat,
    centroids: Mat,
    connectivity: number,
    type: number,
  ): number;
}

interface Raw {
  readonly areas: number[];
  readonly peaks: number[];
}

/** Slice by slice: its labeling knows two dimensions. Peaks are not among its statistics and are gathered from its labels. */
export const openCv: Contender = {
  id: 'opencv-js',
  job: 'components-2d',
  name: 'opencv-js',
  note: 'threshold, connectedComponentsWithStats, peaks in a JavaScript loop; writes a dense label image',
  peer: 'opencv-js',
  async open({ voxels, dimensions: [width, height, slices] }, peers): Promise<OpenContender<Raw>> {
    importScripts(peers['opencv-js']!.url);
    const cv = await (globalThis as unknown as { cv: Promise<OpenCv> }).cv;
    const source = new cv.Mat(height, width, cv.CV_16SC1);
    const [thresholded, mask, labels, statistics, centroids] = Array.from({ length: 5 }, () => new cv.Mat()) as [
      Mat,
      Mat,
      Mat,
      Mat,
      Mat,
    ];
    const sliceLength = width * height;
    return {
      run() {
        const areas: number[] = [];
        const peaks: number[] = [];
        for (let z = 0; z < slices; z++) {
          const slice = voxels.subarray(z * sliceLength, (z + 1) * sliceLength);
          source.data16S.set(slice);
          cv.threshold(source, thresholded, THRESHOLD_HU - 1, 255, cv.THRESH_BINARY);
          thresholded.convertTo(mask, cv.CV_8U);
          const count = cv.connectedComponentsWithStats(mask, labels, statistics, centroids, 8, cv.CV_32S);
          const peakOf = new Int16Array(count).fill(-32768);
          const labelOf = labels.data32S;
          for (let i = 0; i < sliceLength; i++) {
            const label = labelOf[i]!;
            if (label !== 0 && slice[i]! > peakOf[label]!) peakOf[label] = slice[i]!;
          }
          // Label 0 is the background.
          for (let label = 1; label < count; label++) {
            areas.push(statistics.intAt(label, cv.CC_STAT_AREA));
            peaks.push(peakOf[label]!);
          }
        }
        return { areas, peaks };
      },
      answer: components => ({ components }),
      close() {
        // Its WebAssembly heap is not garbage collected.
        for (const mat of [source, thresholded, mask, labels, statistics, centroids]) mat.delete();
      },
    };
  },
};
