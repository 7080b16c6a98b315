import { type Mass, type MassCalibration, scoreMass } from '../mass.ts';
import type { Score } from '../score.ts';
import { VESSELS, type Vessel } from '../vessel.ts';
import type { LabeledLesions } from './labeled-lesions.ts';
import { vesselsOfParts } from './parts-as-lesions.ts';
import { scoreLabel, scoreParts } from './score-parts.ts';

/** Scores of LM, LAD, LCX and RCA, and of all that belongs to one of them. */
export interface VesselScores {
  readonly rows: readonly { readonly vessel: Vessel; readonly score: Score; readonly mass: Mass }[];
  readonly total: Score;
  readonly totalMass: Mass;
}

/** Scores of what the reader gave to the vessels; mass needs a calibration. */
export function scoreVessels(labeled: LabeledLesions, calibration: MassCalibration | null): VesselScores {
  const vessels = vesselsOfParts(labeled);
  const source = { spacingMm: labeled.set.spacingMm, lesions: labeled.parts };
  const massOf = (include: (part: number) => boolean) => scoreMass(source, calibration, include);
  const rows = VESSELS.map(vessel => ({
    vessel,
    score: scoreLabel(labeled, vessel),
    mass: massOf(part => vessels[part] === vessel),
  }));
  const isAssigned = (part: number) => vessels[part] !== null;
  return { rows, total: scoreParts(labeled, isAssigned), totalMass: massOf(isAssigned) };
}
