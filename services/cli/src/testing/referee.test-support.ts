import { VESSELS } from '@voxelwise/calcium/core';
import { runReferee } from '../../../../e2e/referees/referees.ts';
import type { CalciumResult } from '../calcium/result.ts';

/**
 * Expects that a stored report says what the result says, exactly, and that a program which shares no code with this one finds
 * the same numbers in the stored voxels and the slices.
 */
export function expectRefereeAgrees(result: CalciumResult, seg: string, sr: string, folder: string): void {
  const { labels, fromPixels, fromReport } = runReferee('calcium_from_seg.py', seg, sr, folder) as {
    labels: string[];
    fromPixels: Record<string, number>[];
    fromReport: Record<string, number>[];
  };
  expect(labels).toEqual(VESSELS);
  const ours = [...result.vessels!, result.total].map(
    ({ agatston, volumeMm3, lesions, lesionSlices, massMg }): Record<string, number> => ({
      score: agatston,
      volume: volumeMm3,
      lesions,
      lesionSlices,
      ...(massMg !== null && { mass: massMg }),
    }),
  );
  expect(fromReport).toEqual(ours);
  expect(fromPixels).toEqual(
    ours.map(numbers =>
      Object.fromEntries(
        Object.entries(numbers).map(([name, value]) => [
          name,
          expect.closeTo(value, 9 - Math.ceil(Math.log10(value + 1))),
        ]),
      ),
    ),
  );
}
