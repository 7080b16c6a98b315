import type { CalciumPayload, Conventions } from '@voxelwise/records';
import type { Convention, MassCalibration, ThresholdChoice } from '../core/index.ts';
import type { ScoreTable } from './state.ts';

/** The score as the data service keeps it, unrounded. */
export function payloadOf({ rows, total, totalMass }: ScoreTable): CalciumPayload {
  return {
    agatston: total.agatston,
    volumeMm3: total.volumeMm3,
    massMg: totalMass.massMg,
    lesions: total.lesions,
    vessels: rows.map(({ vessel, score, mass }) => ({
      vessel,
      agatston: score.agatston,
      volumeMm3: score.volumeMm3,
      massMg: mass.massMg,
      lesions: score.lesions,
    })),
  };
}

/** What the score rests on. Scores of different conventions are different predictions, not corrections of each other. */
export function conventionsOf(
  convention: Convention,
  thresholds: ThresholdChoice,
  calibration: MassCalibration | null,
): Conventions {
  const { minimumLesion } = convention;
  return {
    thresholdHu: convention.thresholdHu,
    thresholds,
    weightEdgesHu: [...convention.weightEdgesHu],
    connectivity: convention.connectivity,
    ...(minimumLesion.rule === 'area'
      ? { minimumLesionAreaMm2: minimumLesion.areaMm2 }
      : { minimumLesionPixels: minimumLesion.pixels }),
    equivalent3mm: convention.equivalent3mm,
    volumeMethod: convention.volumeMethod,
    ...(calibration && {
      massFactorMgPerMm3Hu: calibration.factorMgPerMm3Hu,
      massCalibration: calibration.origin.kind,
    }),
  };
}

/** The same text for equal scores, whatever the order in which a database gives their parts. */
export function payloadKey({ vessels, ...total }: CalciumPayload): string {
  const numbers = ({ agatston, volumeMm3, massMg, lesions }: typeof total) => [agatston, volumeMm3, massMg, lesions];
  const rows = [...vessels].sort((a, b) => a.vessel.localeCompare(b.vessel));
  return JSON.stringify([numbers(total), ...rows.map(row => [row.vessel, ...numbers(row)])]);
}
