import { type Keyword, printedSubjectOf } from '@voxelwise/dicom';
import type { PerfusionResult } from '../perfusion-result.ts';
import { edgeLabels } from '../picture/edge-labels.ts';
import { keySliceOf } from '../picture/slice-picture.ts';
import type { PerfusionReport } from './report.ts';
import { acquisitionOf } from './report-acquisition.ts';

export interface PicturedSlice {
  /** From 0; by default the slice that shows most. */
  readonly slice?: number;
  /** ImageOrientationPatient; by default that of the headers, which frames of multi-frame images do not have there. */
  readonly orientation?: readonly number[];
  /** What a slice is called: "Image 7". By default "Slice 3 of 16". */
  readonly sliceName?: (slice: number) => string;
}

/**
 * Everything that the report prints of a result.
 * @param attribute an attribute of the images as text, several values joined by a backslash; '' where absent
 */
export function perfusionReportOf(
  result: PerfusionResult,
  attribute: (keyword: Keyword) => string,
  createdAt: Date,
  {
    slice = keySliceOf(result),
    sliceName,
    orientation = attribute('ImageOrientationPatient').split('\\').map(Number),
  }: PicturedSlice = {},
): PerfusionReport {
  return {
    ...printedSubjectOf(attribute),
    acquisition: acquisitionOf(attribute),
    result,
    slice,
    sliceName: sliceName?.(slice) ?? `Slice ${slice + 1} of ${result.dimensions[2]}`,
    edges: edgeLabels(orientation),
    software: result.software,
    createdAt,
  };
}
