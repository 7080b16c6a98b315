import { ABSOLUTE_CONSTANTS } from '../maps.ts';
import {
  gammaVariate,
  PHANTOM_ARTERY,
  RESIDUE_KINDS,
  type ResidueKind,
  sampleDelayed,
  sampleTimes,
  tissuePerFlow,
} from './curves.ts';
import { normalNoise, withNoise } from './noise.ts';

/** One curve of a phantom with the truth that it was made of. */
export interface PhantomCurve {
  readonly curve: Float64Array;
  readonly kind: ResidueKind;
  /** mL/100 g/min. */
  readonly cbf: number;
  /** mL/100 g. */
  readonly cbv: number;
  readonly mttS: number;
  readonly delayS: number;
}

/** Curves with one arterial input, at equal intervals. */
export interface CurvePhantom {
  readonly aif: Float64Array;
  readonly intervalS: number;
  readonly curves: readonly PhantomCurve[];
}

export interface KudoGridParameters {
  readonly intervalS: number;
  readonly durationS: number;
  /** Standard deviation of the noise of the tissue curves, HU. */
  readonly noiseHu: number;
  readonly seed: number;
}

const FINE_STEP_S = 0.01;
const DELAYS_S = [0, 0.5, 1, 1.5, 2, 2.5, 3];

/**
 * A grid like that of Kudo et al., Radiology 2013;267:201: CBV 1 to 5, MTT 24/k s (k = 1 to 7), CBF = 60 * CBV / MTT, delay 0
 * to 3 s, residue functions exponential, linear and box; 735 curves. The arterial input is not the paper's, which is not
 * published as numbers: a gamma variate arriving at 10 s.
 */
export function kudoGrid({
  intervalS = 1,
  durationS = 60,
  noiseHu = 0,
  seed = 1,
}: Partial<KudoGridParameters> = {}): CurvePhantom {
  const timesS = sampleTimes(durationS, intervalS);
  const artery = { ...PHANTOM_ARTERY, arrivalS: 10 };
  const fineAif = gammaVariate(sampleTimes(durationS, FINE_STEP_S), artery);
  const noise = normalNoise(seed);
  const curves: PhantomCurve[] = [];
  for (const kind of RESIDUE_KINDS) {
    for (let k = 1; k <= 7; k++) {
      const mttS = 24 / k;
      const perFlow = tissuePerFlow(fineAif, FINE_STEP_S, kind, mttS, ABSOLUTE_CONSTANTS);
      for (const delayS of DELAYS_S) {
        const sampled = sampleDelayed(perFlow, FINE_STEP_S, timesS, delayS);
        for (let cbv = 1; cbv <= 5; cbv++) {
          const cbf = (60 * cbv) / mttS;
          const curve = withNoise(
            sampled.map(value => value * cbf),
            noiseHu,
            noise,
          );
          curves.push({ curve, kind, cbf, cbv, mttS, delayS });
        }
      }
    }
  }
  return { aif: gammaVariate(timesS, artery), intervalS, curves };
}
