/** How many voxels count as padding although calcium has their value: by that value in HU. */
export type PaddedVoxels = ReadonlyMap<number, number>;

/** Padding belongs below this, and thresholds above it: voxels of darker padding are not counted. */
const LOWEST_COUNTED_HU = 0;
/** What is measured here, by its CT numbers. A header that calls all of them padding is refused. */
export const CALCIUM = { name: 'calcium', rangeHu: [130, 1500] } as const;

/** Adds voxels that are padding of a value in HU. */
export function addPadded(padded: Map<number, number>, hu: number, voxels: number): void {
  if (hu >= LOWEST_COUNTED_HU) padded.set(hu, (padded.get(hu) ?? 0) + voxels);
}

/** Adds the voxels whose value lies in the closed range of padding. */
export function countPadded(
  padded: Map<number, number>,
  valuesHu: ArrayLike<number>,
  [lowestHu, highestHu]: readonly [number, number],
): void {
  if (highestHu < LOWEST_COUNTED_HU) return;
  for (let voxel = 0; voxel < valuesHu.length; voxel++) {
    const hu = valuesHu[voxel]!;
    if (hu >= lowestHu && hu <= highestHu) addPadded(padded, hu, 1);
  }
}

/** One sentence where voxels that the threshold would take in are padding, else none. */
export function paddingWarnings(padded: PaddedVoxels, thresholdHu: number): string[] {
  const values = [...padded].filter(([hu]) => hu >= thresholdHu);
  if (values.length === 0) return [];
  const voxels = values.reduce((sum, [, count]) => sum + count, 0);
  const [lowest, highest] = [Math.min, Math.max].map(end => round(end(...values.map(([hu]) => hu)))) as [
    number,
    number,
  ];
  const range = lowest === highest ? `of ${lowest} HU` : `from ${lowest} to ${highest} HU`;
  return [
    voxels === 1
      ? `1 voxel ${range} is padding by its header (PixelPaddingValue) and not scored, though calcium has such values: some may be missing.`
      : `${voxels} voxels ${range} are padding by their header (PixelPaddingValue) and not scored, though calcium has such values: some may be missing.`,
  ];
}

function round(hu: number): number {
  return Number(hu.toFixed(2));
}
