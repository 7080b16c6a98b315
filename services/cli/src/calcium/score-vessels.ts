import {
  applyEdits,
  countVoxels,
  type Edit,
  type HuVolume,
  type LabeledLesions,
  type LesionSet,
  lesionWarnings,
  scoreVessels,
  VESSELS,
  type Vessel,
  type VesselScores,
  type VoxelRuns,
  voxelsOfLabel,
} from '@voxelwise/calcium/core';
import type { RunReport } from '@voxelwise/compute';
import { Refusal } from '../refusal.ts';
import { findLesionsIn, type Scoring } from './score-volume.ts';
import type { VesselSegment, VesselSegmentation } from './vessels.ts';

/** The scores of the vessels of a segmentation. */
export interface SegmentationScore {
  readonly segmentation: VesselSegmentation;
  readonly labeled: LabeledLesions;
  readonly scores: VesselScores;
  readonly report: RunReport;
  /** What of the segmentation does not count, one sentence each. */
  readonly notes: readonly string[];
  /** On vessels that were not looked at, and on lesions that cannot be coronary calcium. */
  readonly warnings: readonly string[];
}

/**
 * Scores a volume by giving exactly the voxels of the segments to their vessels, as the viewer does with a stored result:
 * components are those of the whole volume, and one that vessels share keeps its peak and its weight.
 * @throws Refusal when two vessels have the same scored voxel.
 */
export async function scoreSegmentation(
  volume: HuVolume,
  { convention, calibration }: Scoring,
  segmentation: VesselSegmentation,
): Promise<SegmentationScore> {
  const { segments } = segmentation;
  const { sets, report } = await findLesionsIn(volume, convention, [undefined]);
  const set = sets[0]!;
  assertDisjoint(set, segments);
  const labeled = applyEdits(set, segments.flatMap(paint));
  return {
    segmentation,
    labeled,
    scores: scoreVessels(labeled, calibration),
    report,
    notes: [...segments.flatMap(segment => notesOn(segment, volume, set)), ...notesOnParts(labeled)],
    warnings: [...missingVessels(segments), ...lesionWarnings(labeled)],
  };
}

function paint({ vessel, voxels }: VesselSegment): Edit[] {
  return vessel ? [{ kind: 'paint', label: vessel, voxels }] : [];
}

/** Scored voxels that segments give to a vessel, when they are painted in their order: the last one has them. */
function countScored(set: LesionSet, segments: readonly VesselSegment[], vessel: Vessel): number {
  return countVoxels(voxelsOfLabel(applyEdits(set, segments.flatMap(paint)), vessel));
}

/** Segments may overlap as long as no scored voxel is in two vessels. */
function assertDisjoint(set: LesionSet, segments: readonly VesselSegment[]): void {
  const of = (vessel: Vessel) => segments.filter(segment => segment.vessel === vessel);
  for (const [index, a] of VESSELS.entries()) {
    for (const b of VESSELS.slice(index + 1)) {
      const lost = countScored(set, of(a), a) - countScored(set, [...of(a), ...of(b)], a);
      if (lost === 0) continue;
      throw new Refusal(
        `The segmentation gives ${count(lost, 'scored voxel')} both to ${a} and to ${b}, so their calcium would count twice; give every voxel to one vessel.`,
      );
    }
  }
}

/** Voxels of a segment that are not scored, and why. */
function notesOn({ label, vessel, voxels }: VesselSegment, volume: HuVolume, set: LesionSet): string[] {
  const all = countVoxels(voxels);
  if (!vessel) {
    return [`The segment "${label}" (${count(all, 'voxel')}) names none of LM, LAD, LCX and RCA, and is not scored.`];
  }
  const below = countBelow(voxels, volume, set.convention.thresholdHu);
  const small = all - below - countScored(set, [{ label, vessel, voxels }], vessel);
  const reasons = [
    ...(below > 0 ? [`${below} below ${set.convention.thresholdHu} HU`] : []),
    ...(small > 0 ? [`${small} in components under the smallest size`] : []),
  ];
  if (reasons.length === 0) return [];
  return [
    `Of ${count(all, 'voxel')} that the segment "${label}" gives to ${vessel}, ${reasons.join(' and ')} are not scored.`,
  ];
}

function countBelow({ row, start, end }: VoxelRuns, { voxels, dimensions }: HuVolume, thresholdHu: number): number {
  let below = 0;
  for (let run = 0; run < row.length; run++) {
    const offset = row[run]! * dimensions[0];
    for (let x = start[run]!; x < end[run]!; x++) if (!(voxels[offset + x]! >= thresholdHu)) below++;
  }
  return below;
}

function missingVessels(segments: readonly VesselSegment[]): string[] {
  const missing = VESSELS.filter(name => !segments.some(({ vessel }) => vessel === name));
  if (missing.length === 0) return [];
  return [`The segmentation has no segment for ${missing.join(', ')}: calcium there, if any, is not in the score.`];
}

function notesOnParts({ set, parts }: LabeledLesions): string[] {
  const inVessel = new Uint8Array(set.lesions.count);
  const inNone = new Uint8Array(set.lesions.count);
  for (let part = 0; part < parts.count; part++) (parts.label[part] ? inVessel : inNone)[parts.lesion[part]!] = 1;
  const partial = inVessel.filter((isIn, lesion) => isIn && inNone[lesion]).length;
  if (partial === 0) return [];
  return [
    `${count(partial, 'lesion')} ${partial === 1 ? 'lies' : 'lie'} only partly in the segmentation: what is outside is not scored, and components keep the peak that they have as a whole.`,
  ];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
