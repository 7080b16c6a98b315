import {
  type Convention,
  type DiscRegion,
  type HuVolume,
  type LesionSet,
  type Mass,
  type MassCalibration,
  type Score,
  scoreLesions,
  scoreMass,
} from '@voxelwise/calcium/core';
import { lesionsKernel } from '@voxelwise/calcium/kernels';
import { createLocalEngine, type RunReport } from '@voxelwise/compute';
import { Refusal } from '../refusal.ts';

/** A score under the name of its region. */
export interface RegionScore extends Score, Mass {
  readonly name: string;
}

export interface VolumeScore {
  /** One per region, in their order; empty when the whole volume was scored. */
  readonly regions: readonly RegionScore[];
  readonly total: Score & Mass;
  /** What the compute engine ran; milliseconds over all runs. */
  readonly report: RunReport;
}

/** How a volume is scored. */
export interface Scoring {
  readonly convention: Convention;
  /** Null where mass is not available. */
  readonly calibration: MassCalibration | null;
}

const VOLUME_ID = 'series';

/**
 * Scores a volume: every region by itself and their sum, or the whole volume where there are no regions.
 * @throws Refusal when two regions score the same voxel.
 */
export async function scoreVolume(
  volume: HuVolume,
  { convention, calibration }: Scoring,
  regions: readonly DiscRegion[],
): Promise<VolumeScore> {
  const { sets, report } = await findLesionsIn(volume, convention, regions.length > 0 ? regions : [undefined]);
  if (regions.length === 0) {
    const set = sets[0]!;
    return { regions: [], total: { ...scoreLesions(set), ...scoreMass(set, calibration) }, report };
  }
  assertDisjoint(regions, sets);
  const scores = sets.map((set, index) => ({
    name: regions[index]!.name,
    ...scoreLesions(set),
    ...scoreMass(set, calibration),
  }));
  const total = { ...sumScores(scores), ...scoreMass(joined(sets), calibration) };
  return { regions: scores, total, report };
}

/** The lesions in every region, or (undefined) in the whole volume. */
export async function findLesionsIn(
  volume: HuVolume,
  convention: Convention,
  regions: readonly (DiscRegion | undefined)[],
): Promise<{ readonly sets: readonly LesionSet[]; readonly report: RunReport }> {
  const engine = createLocalEngine();
  try {
    await engine.loadVolume(VOLUME_ID, () => volume);
    const sets: LesionSet[] = [];
    const reports: RunReport[] = [];
    for (const region of regions) {
      const parameters = { spacingMm: volume.spacingMm, convention, ...(region && { region }) };
      const { output, report } = await engine.run(lesionsKernel, VOLUME_ID, parameters);
      sets.push(output);
      reports.push(report);
    }
    return { sets, report: joinReports(reports) };
  } finally {
    engine.destroy();
  }
}

function sumScores(scores: readonly Score[]): Score {
  const sum = (read: (score: Score) => number) => scores.reduce((total, score) => total + read(score), 0);
  return {
    agatston: sum(({ agatston }) => agatston),
    volumeMm3: sum(({ volumeMm3 }) => volumeMm3),
    lesions: sum(({ lesions }) => lesions),
    lesionSlices: sum(({ lesionSlices }) => lesionSlices),
  };
}

/** The lesions of several sets of one volume, for their mass. */
function joined(sets: readonly LesionSet[]) {
  const lesions = {
    count: sets.reduce((count, set) => count + set.lesions.count, 0),
    voxels: Int32Array.from(sets.flatMap(set => [...set.lesions.voxels])),
    sumHu: Float64Array.from(sets.flatMap(set => [...set.lesions.sumHu])),
  };
  return { spacingMm: sets[0]!.spacingMm, lesions };
}

function joinReports(reports: readonly RunReport[]): RunReport {
  const milliseconds = reports.reduce((total, report) => total + report.milliseconds, 0);
  return { producer: reports[0]!.producer, milliseconds, notes: [...new Set(reports.flatMap(({ notes }) => notes))] };
}

function assertDisjoint(regions: readonly DiscRegion[], sets: readonly LesionSet[]): void {
  for (let a = 0; a < sets.length; a++) {
    for (let b = a + 1; b < sets.length; b++) {
      if (!sharesVoxel(sets[a]!, sets[b]!)) continue;
      throw new Refusal(
        `The regions "${regions[a]!.name}" and "${regions[b]!.name}" both score the same voxels, so their calcium would count twice in the total; make them smaller or move them apart.`,
      );
    }
  }
}

/** Whether a scored run of one set overlaps one of the other: a merge over the sorted runs of every row. */
function sharesVoxel({ runs: a }: LesionSet, { runs: b }: LesionSet): boolean {
  for (let row = 0; row < a.rowStart.length - 1; row++) {
    let i = a.rowStart[row]!;
    let j = b.rowStart[row]!;
    while (i < a.rowStart[row + 1]! && j < b.rowStart[row + 1]!) {
      if (a.start[i]! < b.end[j]! && b.start[j]! < a.end[i]!) return true;
      if (a.end[i]! < b.end[j]!) i++;
      else j++;
    }
  }
  return false;
}
