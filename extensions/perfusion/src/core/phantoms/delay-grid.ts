import { ABSOLUTE_CONSTANTS } from '../maps.ts';
import { gammaVariate, PHANTOM_ARTERY, type ResidueKind, sampleDelayed, sampleTimes, tissuePerFlow } from './curves.ts';
import type { CurvePhantom } from './kudo-grid.ts';

export interface DelayGridParameters {
  readonly kind: ResidueKind;
  readonly mttS: number;
  readonly intervalS: number;
  readonly durationS: number;
  /** mL/100 g. */
  readonly cbv: number;
  /** Negative where the tissue is earlier than the artery. */
  readonly delaysS: readonly number[];
}

const FINE_STEP_S = 0.01;
/** The fine curve goes on after the last sample, for tissue that is earlier than the artery. */
const FINE_EXTRA_S = 20;

/** Tissue of one kind at several delays: what a method that depends on the delay gets wrong. The artery arrives at 12 s. */
export function delayGrid({
  kind,
  mttS,
  intervalS = 1,
  durationS = 60,
  cbv = 4,
  delaysS = [-4, -2, 0, 2, 4, 6, 8, 10],
}: Pick<DelayGridParameters, 'kind' | 'mttS'> & Partial<DelayGridParameters>): CurvePhantom {
  const artery = { ...PHANTOM_ARTERY, arrivalS: 12 };
  const fineAif = gammaVariate(sampleTimes(durationS + FINE_EXTRA_S, FINE_STEP_S), artery);
  const timesS = sampleTimes(durationS, intervalS);
  const cbf = (60 * cbv) / mttS;
  const fine = tissuePerFlow(fineAif, FINE_STEP_S, kind, mttS, ABSOLUTE_CONSTANTS).map(value => value * cbf);
  const curves = delaysS.map(delayS => ({
    curve: sampleDelayed(fine, FINE_STEP_S, timesS, delayS),
    kind,
    cbf,
    cbv,
    mttS,
    delayS,
  }));
  return { aif: gammaVariate(timesS, artery), intervalS, curves };
}
